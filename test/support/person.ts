/** A browser of a person in a test: keeps cookies, sends forms as their pages hold them, follows nothing by itself. */
export class Person {
  readonly #baseUrl: string;
  readonly #cookies = new Map<string, string>();

  constructor(baseUrl: string) {
    this.#baseUrl = baseUrl;
  }

  /** Signs in on the trial page as one of its people. */
  static async signedIn(baseUrl: string, id: string): Promise<Person> {
    const person = new Person(baseUrl);
    const answer = await person.send('/sign-in', '/sign-in/trial', { person: id });
    if (answer.status !== 303) throw new Error(`signing in as ${id} gave ${answer.status}`);
    return person;
  }

  get cookies(): ReadonlyMap<string, string> {
    return this.#cookies;
  }

  setCookie(name: string, value: string): void {
    this.#cookies.set(name, value);
  }

  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return this.#fetch(path, { headers });
  }

  /** The token of the forms on a page; empty where there is none. */
  async tokenOn(path: string): Promise<string> {
    const text = await (await this.get(path)).text();
    return /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
  }

  /** Sends a form with the token of a page. */
  async send(page: string, path: string, fields: Readonly<Record<string, string>> = {}): Promise<Response> {
    return this.post(path, { _csrf: await this.tokenOn(page), ...fields });
  }

  /** Sends a form as it is given. */
  async post(
    path: string,
    fields: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    return this.#fetch(path, { method: 'POST', body: new URLSearchParams(fields), headers });
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(init.headers as Record<string, string>), ...(cookie === '' ? {} : { cookie }) };
    const answer = await fetch(new URL(path, this.#baseUrl), { ...init, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/expires=Thu, 01 Jan 1970/i.test(line) || value === '') this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return answer;
  }
}
