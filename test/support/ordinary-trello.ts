/** The facts of an ordinary question with a settled answer: Trello for the team, with everything as it should be. */
export const ordinaryTrello = {
  tool: 'trello',
  organisation: 'moj-headquarters',
  account: 'work',
  device: 'moj',
  purpose: 'collaborate',
  audience: 'internal',
  classification: 'OFFICIAL',
  sensitive: 'false',
  personalData: 'false',
  damageOrDistress: 'false',
  damagingIfLost: 'false',
};
