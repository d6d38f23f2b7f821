import { foldName } from '../../shared/fold-name.ts';
import type { Pack, Tool } from '../pack.ts';
import type { PolicyProblem } from '../problem.ts';
import { errorAt, inBackticks } from './finding.ts';

/** Names that two tools share: neither of them could be found by such a name. */
export function checkTools(pack: Pack): PolicyProblem[] {
  return [...sharedNames(pack, namesOf), ...sharedNames(pack, domainsOf)];
}

type Named = { readonly name: string; readonly folded: string; readonly path: readonly (string | number)[] };

function sharedNames(pack: Pack, read: (tool: Tool) => readonly Named[]): PolicyProblem[] {
  const first = new Map<string, Tool>();
  const reported = new Set<string>();
  return [...pack.tools.values()].flatMap((tool) =>
    read(tool).flatMap(({ name, folded, path }) => {
      const other = first.get(folded);
      if (other === undefined) first.set(folded, tool);
      const key = `${tool.id} ${folded}`;
      if (other === undefined || other === tool || reported.has(key)) return [];
      reported.add(key);
      const message = `the tools ${inBackticks([other.id, tool.id])} share the name \`${name}\``;
      return [
        errorAt(
          pack,
          [tool.at, ...path],
          message,
          `The other one is in ${other.at.file}, line ${other.at.line}.`,
        ),
      ];
    }),
  );
}

function namesOf({ id, name, aliases, oldNames }: Tool): Named[] {
  const named = (text: string, ...path: (string | number)[]): Named => ({
    name: text,
    folded: foldName(text),
    path,
  });
  return [
    named(id, 'id'),
    named(name, 'name'),
    ...aliases.map((alias, index) => named(alias, 'aliases', index)),
    ...oldNames.map((old, index) => named(old, 'oldNames', index)),
  ];
}

function domainsOf({ domains }: Tool): Named[] {
  return domains.map((domain, index) => ({
    name: domain,
    folded: domain.toLowerCase(),
    path: ['domains', index],
  }));
}
