import type { Random } from './random.ts';

/** Names that every object of the language has, or that change what it is. */
export const ownNames = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  '__defineGetter__',
  'length',
  'then',
  'toJSON',
];

const texts: readonly string[] = [
  '',
  ' ',
  '0',
  '-1',
  '1e309',
  'NaN',
  'null',
  'undefined',
  'true',
  '[object Object]',
  ...ownNames,
  "' or 1=1 --",
  '"; drop table people; --',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is sent as it is
  '${7*7}{{7*7}}',
  '<script>alert(1)</script>',
  '"><svg onload=alert(1)>',
  '../../../../etc/passwd',
  '..\\..\\windows',
  'file:///etc/passwd',
  'http://127.0.0.1:1/',
  'javascript:alert(1)',
  '//elsewhere.example',
  '/\\elsewhere.example',
  '%00',
  '%',
  '%zz',
  '%c0%ae',
  '\u0000',
  'a\r\nSet-Cookie: x=y',
  '\t\u000b\u001b[31m',
  '\u007f\u0085',
  '\u2028\u2029\ufeff\u200b\u202e',
  '\ud800',
  '\udfff\ud800',
  '👩‍👩‍👧‍👦🏴󠁧󠁢󠁳󠁣󠁴󠁿',
  'é'.normalize('NFD'),
  'İıẞßﬀ',
  'Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢',
  '٣٢١',
  '２０２６-１１-２２',
  '2026-11-22',
  '2026-02-30',
  '0000-00-00',
  '0001-01-01',
  '9999-12-31',
  '10000-01-01',
  '-000001-01-01',
  '2026-11-22T00:00:00Z',
  '2147483648',
  '9007199254740993',
  '99999999999999999999999999',
  '0x10',
  '1,2',
  'unknown',
  'n/a',
  'yes',
  'trello',
  'Slack',
  'https://trello.com/b/x?y=z#w',
  'personal',
  'work',
  'x'.repeat(100),
  'x'.repeat(3_000),
  '('.repeat(500),
  'a'.repeat(200).concat('!'),
  ' a'.repeat(400),
  '\\'.repeat(200),
];

/** A text that nobody expects. */
export function hostileText(random: Random): string {
  if (random.oneIn(6)) {
    const length = random.below(random.oneIn(20) ? 400 : 12);
    return Array.from({ length }, () => anyCharacter(random)).join('');
  }
  const text = random.pick(texts);
  return random.oneIn(8) ? text + random.pick(texts) : text;
}

function anyCharacter(random: Random): string {
  const ranges = [0x80, 0x80, 0x100, 0x800, 0x1_0000, 0x11_0000];
  const code = random.below(random.pick(ranges));
  return String.fromCodePoint(code);
}

/** A value of JSON that nobody expects: of any type, some deep, some long. */
export function hostileJson(random: Random, depth = 3): unknown {
  switch (random.below(depth > 0 ? 12 : 8)) {
    case 0:
      return null;
    case 1:
      return random.oneIn(2);
    case 2:
      return random.pick([0, -0, -1, 1.5, 1e308, 5e-324, 2 ** 53, -(2 ** 63), 1e21]);
    case 8:
      return Array.from({ length: random.below(5) }, () => hostileJson(random, depth - 1));
    case 9:
      return Array.from({ length: random.below(random.oneIn(10) ? 3_000 : 30) }, (_, place) => place);
    case 10:
      return nested(random, random.below(random.oneIn(10) ? 400 : 20));
    case 11:
      return Object.fromEntries(
        Array.from({ length: random.below(5) }, () => [
          random.oneIn(2) ? random.pick(ownNames) : hostileText(random),
          hostileJson(random, depth - 1),
        ]),
      );
    default:
      return hostileText(random);
  }
}

function nested(random: Random, levels: number): unknown {
  let value: unknown = hostileText(random);
  const isList = random.oneIn(2);
  for (let level = 0; level < levels; level++) value = isList ? [value] : { facts: value };
  return value;
}

/** Bytes with a few of them changed, put in, taken out or cut off. */
export function broken(random: Random, bytes: Buffer): Buffer {
  let result = Buffer.from(bytes);
  for (let count = 1 + random.below(4); count > 0; count--) {
    const place = random.below(result.length + 1);
    const rest = result.subarray(place);
    const start = result.subarray(0, place);
    switch (random.below(5)) {
      case 0:
        result = Buffer.concat([start, Buffer.from([random.below(256)]), rest.subarray(1)]);
        break;
      case 1:
        result = Buffer.concat([start, Buffer.from([random.below(256), random.below(256)]), rest]);
        break;
      case 2:
        result = Buffer.concat([start, rest.subarray(1 + random.below(8))]);
        break;
      case 3:
        result = Buffer.concat([start, rest, start.subarray(0, 40)]);
        break;
      default:
        result = start;
    }
  }
  return result;
}
