import type { Query } from '../ask/address.ts';
import type { PageModel } from '../render.ts';
import type { Web } from '../web.ts';

/** What somebody asked for: the changing parts of the path and the parameters. */
export type Asked = { readonly params: Readonly<Record<string, string>>; readonly query: Query };

/** What stands at an address: a page, another address, or nothing. */
export type Found =
  | { readonly kind: 'page'; readonly template: string; readonly model: PageModel; readonly status: number }
  | { readonly kind: 'elsewhere'; readonly href: string }
  | { readonly kind: 'nothing' };

/** Works out what stands at an address. It writes nothing and depends on nothing but its arguments, the pack and the day. */
export type View = (web: Web, asked: Asked) => Found;

/** A page of this folder, with the frame's footer filled in. `status` is 400 where a form was filled in wrongly. */
export function page<Model extends PageModel>(web: Web, name: string, model: Model, status = 200): Found {
  const framed = { ...model, policyLabel: web.needs.policy().pack.label };
  return { kind: 'page', template: `pages/browse/${name}.njk`, model: framed, status };
}
