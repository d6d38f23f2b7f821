import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startApp } from '#test/support/app.ts';

const { baseUrl, close } = await startApp();
after(close);

const facts =
  'device=moj&classification=OFFICIAL&sensitive=false&personalData=false&damageOrDistress=false&damagingIfLost=false&audience=internal&organisation=moj-headquarters&account=work';
const trello = `tool=trello&purpose=collaborate&${facts}`;

type Page = {
  readonly status: number;
  readonly html: string;
  readonly location: string | null;
  readonly headers: Headers;
};

async function get(address: string, init: RequestInit = {}): Promise<Page> {
  const response = await fetch(`${baseUrl}${address}`, {
    redirect: 'manual',
    signal: AbortSignal.timeout(10_000),
    ...init,
  });
  return {
    status: response.status,
    html: await response.text(),
    location: response.headers.get('location'),
    headers: response.headers,
  };
}

// What somebody can put into an address, and how the service answers: never with a 500, always saying what is wrong.
const badInput: readonly (readonly [what: string, address: string, status: number, says: RegExp])[] = [
  ['an unknown fact', '/answer?tool=trello&acount=work', 422, /Unknown fact “acount”[\s\S]*account/],
  [
    'an unknown value',
    '/answer?tool=trello&account=wrok',
    422,
    /Unknown value “wrok” of “account”[\s\S]*work/,
  ],
  [
    'a fact given twice',
    '/answer?tool=trello&account=work&account=personal',
    422,
    /“account” is given more than once/,
  ],
  [
    'a fact given twice with one value',
    '/check?tool=trello&account=work&account=work',
    422,
    /given more than once/,
  ],
  [
    'a claim against the catalogue',
    '/answer?tool=trello&toolKind=unlisted',
    422,
    /“toolKind” is stated as “unlisted”, but the catalogue says “oit-tool”/,
  ],
  ['a claim about a status', '/answer?tool=zoom&toolStatus=assured', 422, /the catalogue says “none”/],
  [
    'a claim against the register',
    '/answer?tool=trello&organisation=hmpps&localRules=none',
    422,
    /the register of local rules says/,
  ],
  ['a fact that cannot be n/a', '/answer?tool=trello&purpose=collaborate&account=n/a', 422, /applies here/],
  ['a tool name of 1,000 characters', `/check?tool=${'x'.repeat(1000)}`, 422, /at most 200 characters/],
  ['a tool name of 100,000 characters', `/check?tool=${'x'.repeat(100_000)}`, 414, /8000 characters/],
  ['a name of 7,000 characters', `/check?tool=${'x'.repeat(7000)}`, 422, /at most 200 characters/],
  ['an address of 20,000 characters', `/check?tool=${'x'.repeat(20_000)}`, 414, /8000 characters/],
  ['control characters', '/check?tool=tre%00llo', 400, /control character/],
  ['a bidirectional override', '/check?tool=%E2%80%AEtrello', 422, /control characters/],
  ['half a percent code', '/check?tool=%E0%A4%A', 400, /%/],
  [
    'a letter that grows in lower case, before a marking',
    '/answer?tool=%C4%B0OFFICIAL-SENSITIVE%F0%9F%98%80',
    200,
    /OFFICIAL/,
  ],
  [
    'a kind claimed for a tool of the catalogue',
    '/answer?tool=whatsapp&toolKind=password-manager',
    422,
    /the catalogue says “unlisted”/,
  ],
  ['markup', '/check/which?tool=%3Cscript%3Ealert(1)%3C/script%3E', 302, /^$/],
  ['a page that is not there', '/check/nonsense?tool=trello', 404, /not found/i],
  ['a fact that is not there', '/check/assumed/nonsense?tool=trello', 404, /not found/i],
  ['a draft that is not there', '/answer/draft/nonsense?tool=trello', 404, /not found/i],
  ['prototype names', '/answer?__proto__=x&constructor=y&tool=trello', 422, /Unknown fact/],
  ['climbing out of the folder', '/..%2f..%2fetc%2fpasswd', 404, /not found/i],
  [
    'a reminder on a day that does not exist',
    `/answer/reminders.ics?${trello}&every=week&ends=2027-02-30`,
    400,
    /real date/,
  ],
  [
    'a reminder before which the work ends',
    `/answer/reminders.ics?${trello}&every=quarter&ends=2027-02-20`,
    400,
    /The work ends before the first reminder, on 21 February 2027\. Enter a later day/,
  ],
  [
    'a reminder of an answer that is no yes',
    `/answer/reminders.ics?${trello.replace('account=work', 'account=personal')}&every=week`,
    404,
    /There are no reminders for these answers/,
  ],
  [
    'the form for reminders of an answer that is no yes',
    `/answer/reminders?${trello.replace('account=work', 'account=personal')}`,
    404,
    /There are no reminders for these answers/,
  ],
  [
    'a reminder of a yes that leaves nothing to keep',
    `/answer/reminders.ics?tool=microsoft-teams&purpose=communicate&tenancy=moj&${facts}&every=week`,
    404,
    /There are no reminders for these answers/,
  ],
  ['a reminder at no interval', `/answer/reminders.ics?${trello}&every=never`, 400, /Choose how often/],
];

for (const [what, address, status, says] of badInput) {
  test(`${what} gets a clear answer`, async () => {
    const page = await get(address);
    assert.equal(page.status, status, page.html.slice(0, 300));
    assert.match(page.html.replaceAll('&#39;', "'").replaceAll('&quot;', '"'), says);
    assert.doesNotMatch(page.html, /<script>alert/);
  });
}

test('what somebody types is shown back as text, never as markup', async () => {
  const name = '<img src=x onerror=alert(1)>"\'';
  const page = await get(`/check/kind?tool=${encodeURIComponent(name)}`);
  assert.equal(page.status, 200);
  assert.doesNotMatch(page.html, /<img src=x/);
  assert.match(page.html, /&lt;img src=x/);
});

test('GET is all there is, and it sets no cookie', async () => {
  assert.equal((await get('/', { method: 'POST' })).status, 404);
  for (const address of ['/', '/check/use?tool=trello', `/answer?${trello}`])
    assert.equal((await get(address)).headers.get('set-cookie'), null);
});

test('the same answers have one address, whatever order they come in', async () => {
  const { location } = await get(`/check?${trello}`);
  assert.equal(location, (await get(`/check?${trello.split('&').reverse().join('&')}`)).location);
  assert.match(location ?? '', /^\/answer\?account=work&audience=internal&/);
  assert.match(location ?? '', /policy=2026-11\.[0-9a-f]{6}/);
});

test('an answer says when the guidance has changed since its address was made', async () => {
  assert.doesNotMatch((await get(`/answer?${trello}&policy=2026-11`)).html, /has changed since/);
  const { location } = await get(`/check?${trello}`);
  assert.doesNotMatch((await get(location ?? '')).html, /has changed since/);
  assert.match((await get(`/answer?${trello}&policy=2025-03`)).html, /has changed since[\s\S]*2025-03/);
  // Another version with the same label.
  assert.match(
    (await get(`/answer?${trello}&policy=2026-11.000000`)).html,
    /has changed since[\s\S]*was 2026-11 \(000000\), it is now 2026-11 \([0-9a-f]{6}\)/,
  );
});

test('OFFICIAL-SENSITIVE typed anywhere becomes classification and caveat', async () => {
  const { location } = await get('/check?tool=Trello+OFFICIAL-SENSITIVE');
  assert.match(location ?? '', /classification=OFFICIAL/);
  assert.match(location ?? '', /sensitive=true/);
  assert.match(location ?? '', /tool=Trello(&|$)/);
  assert.match(
    (await get('/check?tool=trello&classification=official-sensitive')).location ?? '',
    /sensitive=true/,
  );
});

test('an empty box is an error beside the box, and keeps what was known', async () => {
  const { location } = await get('/check?tool=&organisation=hmpps');
  const page = await get(location ?? '');
  assert.match(page.html, /There is a problem/);
  assert.match(page.html, /name="organisation" value="hmpps"/);
});

test('a form with something left out comes back with an error and with what was chosen', async () => {
  const page = await get('/check/use?tool=trello&sent=use&answer.device=device%3Amoj');
  assert.equal(page.status, 200);
  assert.match(page.html, /<title>\s*Error:/);
  assert.match(page.html, /Choose an answer to “How will you sign in\?”/);
  assert.match(page.html, /value="device:moj" checked/);
});

test('a question page is an answer page as soon as nothing more can change', async () => {
  assert.match(
    (await get('/check?tool=facebook&purpose=communicate&account=work&device=moj')).location ?? '',
    /^\/answer/,
  );
});

test('as soon as it cannot be a yes, the page says so and what to do today', async () => {
  const page = await get('/check/information?tool=whatsapp&purpose=communicate&account=work&device=moj');
  assert.match(page.html, /it needs a security review before you use it/);
  assert.match(page.html, /See the answer so far/);
  assert.match(page.html, /Microsoft Teams/);
});

test('an unknown answer shows the answer for each of its values', async () => {
  const page = await get(`/answer?${trello.replace('damageOrDistress=false', 'damageOrDistress=unknown')}`);
  assert.match(page.html, /Find out one thing before you use Trello/);
  assert.match(page.html, /Do not use it[\s\S]*You can use it, if …/);
});

test('HMPPS is told whom to ask, and that nothing else stands in the way', async () => {
  const page = await get(`/answer?${trello.replace('moj-headquarters', 'hmpps')}`);
  assert.match(page.html, /Ask HM Prison and Probation Service \(HMPPS\) before you use Trello/);
  assert.match(page.html, /nothing stands in the way/);
  assert.match(page.html, /security@justice\.gov\.uk/);
});

// What comes first where something is forbidden: never a condition of using it, and never a review of it.
const firstActions: readonly (readonly [facts: string, text: string, href: RegExp])[] = [
  [
    trello.replace('account=work', 'account=personal'),
    'Use your own MoJ work account instead',
    /^\/guidance\//,
  ],
  [
    trello.replace('classification=OFFICIAL&sensitive=false', 'classification=SECRET'),
    'Contact the MoJ Cyber Security team about the classification',
    /^https:/,
  ],
  [
    trello
      .replace('tool=trello', 'tool=boardly')
      .replace('classification=OFFICIAL&sensitive=false', 'classification=SECRET'),
    'Contact the MoJ Cyber Security team about the classification',
    /^https:/,
  ],
  [
    trello.replace('damageOrDistress=false', 'damageOrDistress=true'),
    'See what you can use instead',
    /^#instead$/,
  ],
  [`${trello}&businessCritical=true&hasFallback=false`, 'Have another way of working', /^\/answer\?/],
  [
    'tool=vc-unit&purpose=video-call&hardwareMeetsStandard=false',
    'Use equipment that is known',
    /^\/(check|answer)\?/,
  ],
];

for (const [stated, text, href] of firstActions) {
  test(`what is forbidden says what to do instead: ${text} (${stated.slice(0, 40)}…)`, async () => {
    const { html } = await get(`/answer?${stated}`);
    assert.match(html, /data-verdict="not-allowed"/);
    const [, target, shown] =
      /app-verdict__action[^>]*><a [^>]*href="([^"]*)"[^>]*>([^<]*)</.exec(html) ?? [];
    assert.match(shown ?? '', new RegExp(`^${text}`));
    assert.match(target ?? '', href);
    const [, now = ''] = /id="next">What to do now<\/h2>([\s\S]*?)<(?:details|h2)/.exec(html) ?? [];
    assert.doesNotMatch(now, /review it|Wait for a formal approval|line manager for guidance/);
  });
}

test('what is forbidden keeps the review that it would need as well behind what would apply', async () => {
  const { html } = await get('/answer?tool=whatsapp&purpose=communicate&account=personal&device=moj');
  assert.match(
    html,
    /What would apply if you may use it[\s\S]*First of all[\s\S]*Ask the security team to review it/,
  );
});

test('what nothing could make right does not say what would apply', async () => {
  for (const tool of ['trello', 'boardly']) {
    const secret = trello.replace('classification=OFFICIAL&sensitive=false', 'classification=SECRET');
    const { html } = await get(`/answer?${secret.replace('tool=trello', `tool=${tool}`)}`);
    assert.match(html, /There is no change that you could make to be allowed this/);
    assert.doesNotMatch(html, /What would apply if you may use it|review-request/);
  }
});

test('where a review was refused nobody is told to ask for one', async () => {
  const { html } = await get(
    `/answer?${trello.replace('tool=trello', 'tool=boardly')}&reviewStatus=rejected`,
  );
  assert.match(html, /Wait for a formal approval before you use boardly/);
  assert.doesNotMatch(html, /draft\/review-request/);
});

test('a review request holds everything that was said, as text and as an email', async () => {
  const page = await get(`/answer/draft/review-request?tool=zoom&purpose=video-call&${facts}`);
  // The security team stands in for nobody here: it has one address for all that it does.
  assert.doesNotMatch(page.html, /We do not hold an address/);
  assert.match(page.html, /I request a security review of it/);
  assert.match(page.html, /- Account: My own MoJ sign-in/);
  assert.match(
    page.html,
    /href="mailto:security@justice\.gov\.uk\?subject=Security%20review%20of%20Zoom&amp;body=/,
  );
});

test('the reminders are a calendar file with the interval that was chosen', async () => {
  const form = await get(
    `/answer/reminders?${trello}&sent=reminders&every=fortnight&answer.ends-day=31&answer.ends-month=3&answer.ends-year=2027`,
  );
  assert.equal(form.status, 302);
  const file = await get(form.location ?? '');
  assert.match(file.headers.get('content-type') ?? '', /^text\/calendar/);
  assert.match(file.html, /^BEGIN:VCALENDAR\r\n/);
  assert.match(file.html, /RRULE:FREQ=WEEKLY;INTERVAL=2;UNTIL=20270331\r\n/);
  assert.equal(file.html.match(/BEGIN:VEVENT/g)?.length, 3);
  assert.match(file.html.replaceAll('\r\n ', ''), /Move the key information from Trello to an MoJ system/);
  assert.match(file.html, /DTSTART;VALUE=DATE:20261206/);
  assert.match(file.html, /DTSTART;VALUE=DATE:20270331/);
});

test('which way to send this: the ladder, one rung after the other', async () => {
  const way = async (query: string) => (await get(`/share?sent=share&${query}`)).location;
  const who = 'answer.audience=audience%3A';
  assert.match((await way(`${who}internal`)) ?? '', /tool=microsoft-teams/);
  assert.match(
    (await way(`${who}external&answer.teams-works=teamsPracticable%3Atrue`)) ?? '',
    /tool=microsoft-teams/,
  );
  assert.match(
    (await way(
      `${who}external&answer.teams-works=teamsPracticable%3Afalse&answer.cj-works=cjPracticable%3Atrue`,
    )) ?? '',
    /tool=cjsm/,
  );
  assert.match(
    (await way(
      `${who}government&answer.teams-works=teamsPracticable%3Afalse&answer.cj-works=cjPracticable%3Afalse`,
    )) ?? '',
    /tool=moj-email/,
  );
  assert.equal(await way(`${who}external`), null);
});

test('no address of an answer leaves with a link', async () => {
  assert.equal((await get(`/answer?${trello}`)).headers.get('referrer-policy'), 'no-referrer');
});
