import type { KnownFacts } from './known-facts.ts';
import type { PackReader } from './pack-reader.ts';

/** What every part of a pack is parsed with. */
export type Parsing = { readonly reader: PackReader; readonly known: KnownFacts };
