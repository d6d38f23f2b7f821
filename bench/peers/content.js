// The fixed content of the pages of express.js: as many questions, rows and items as our own pages have.
const sentence =
  'Keep the key information in an MoJ system, so that it can be found again when somebody asks for it';

export const navigation = [
  'All tools',
  'Guidance',
  'Which way to share',
  'Get help',
  'Something has gone wrong',
].map((text) => ({ text, href: `/${text.toLowerCase().replaceAll(' ', '-')}` }));

export const questionPage = {
  title: 'How will you use it?',
  questions: [
    { id: 'purpose', text: 'What do you want to do with it?', options: 5 },
    {
      id: 'account',
      text: 'How will you sign in?',
      options: 3,
      hint: 'If another organisation invited you, it is theirs.',
    },
    { id: 'device', text: 'What will you use it on?', options: 3 },
  ].map(({ options, ...question }) => ({
    ...question,
    why: 'Everyday messages, secure sharing, installing and publishing follow different rules.',
    items: Array.from({ length: options }, (_, at) => ({
      value: `${question.id}:${at}`,
      text: `Option ${at + 1} of this question`,
      ...(at % 3 === 0 ? { hint: { text: 'Your normal work account, used by nobody else' } } : {}),
    })),
  })),
};

const items = (count) =>
  Array.from({ length: count }, (_, at) => ({
    strength: at % 2 === 0 ? 'must' : 'should',
    text: `${sentence} (${at + 1}).`,
    link: { text: 'Read more about storing information', href: `/guidance/storage#${at}` },
  }));

const reasons = (count) =>
  Array.from({ length: count }, (_, at) => ({
    text: `${sentence}, because the guidance asks for it.`,
    citations: [`GAG-${at + 1}`, `GAG-${at + 20}`, `OIT-${at + 40}`].map((id) => ({
      id,
      href: `/statements#${id}`,
    })),
  }));

export const answerPage = {
  title: 'You can use Trello to work together, if you meet the conditions (listed in March 2018)',
  label: 'You can use it, if …',
  first: items(2),
  groups: [
    { title: 'Before you start', items: items(2) },
    { title: 'While you use it', items: items(3) },
    { title: 'When you finish', items: items(1) },
  ],
  standing: items(7),
  reasons: reasons(3),
  assumed: Array.from({ length: 4 }, (_, at) => ({
    label: `Something that was assumed ${at + 1}`,
    value: 'No',
    href: `/check/assumed/${at}`,
  })),
};
