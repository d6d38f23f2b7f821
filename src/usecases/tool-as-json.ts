import type { FactValue, Pack } from '#domain/policy/pack.ts';
import type { ListedTool } from './find-tools.ts';
import type { ToolDetail } from './get-tool.ts';
import { citationAsJson, factValueAsJson } from './json-values.ts';

/** A tool in a list as the API and `--json` give it (docs/reference/api.md). */
export function listedToolAsJson({ tool, matchedBy, kind, status }: ListedTool) {
  return {
    id: tool.id,
    name: tool.name,
    kind: valueAsJson(kind),
    status: valueAsJson(status),
    listed: tool.listed !== undefined,
    matchedBy,
  };
}

/** One whole tool as the API and `--json` give it (docs/reference/api.md). */
export function toolAsJson(pack: Pack, { tool, kind, status, citations }: ToolDetail) {
  const { listed, formerlyListed, note } = tool;
  return {
    id: tool.id,
    name: tool.name,
    kind: valueAsJson(kind),
    status: valueAsJson(status),
    listed: listed === undefined ? null : { on: listed.on ?? null, citations: citations.map(citationAsJson) },
    task: tool.task,
    facts: [...tool.facts].map(([fact, value]) => ({ fact, value: factValueAsJson(pack, fact, value) })),
    fits: Object.fromEntries(
      [...tool.fits].map(([fact, values]) => [
        fact,
        values.map((value) => factValueAsJson(pack, fact, value)),
      ]),
    ),
    aliases: [...tool.aliases],
    oldNames: [...tool.oldNames],
    newNames: [...tool.newNames],
    domains: [...tool.domains],
    get: [...tool.get].map(([device, how]) => ({ device, how })),
    formerlyListed:
      formerlyListed === undefined ? null : { on: formerlyListed.on, note: formerlyListed.note },
    note: note ?? null,
  };
}

function valueAsJson(value: FactValue | null) {
  return value === null ? null : { value: value.id, label: value.label };
}
