/** Contracts of a car or of an EMAID: those who ask at the same time are answered by one statement. */
import type { Emaid, Pcid } from '@plugpool/iso15118/pki';
import { askedTogether, LOOKUPS } from '../kernel/asked-together.ts';
import type { Db } from '../store/store.ts';
import { selectInstallable, selectListed } from './contract-queries.ts';
import type { ContractFilter, InstallableContract, ListedContract } from './stored-contract.ts';

export interface ContractLookups {
  readonly ofVehicle: Lookup<Pcid, InstallableContract>;
  readonly listedOfVehicle: Lookup<Pcid, ListedContract>;
  readonly listedOfEmaid: Lookup<Emaid, ListedContract>;
}

type Lookup<Key, Entry> = (key: Key, filter: ContractFilter) => Promise<readonly Entry[]>;

export function contractLookups(db: Db): ContractLookups {
  return {
    ofVehicle: lookup('contracts', 'pcid', (pcids, filter) => selectInstallable(db, pcids, filter)),
    listedOfVehicle: lookup('listed contracts', 'pcid', (pcids, filter) => selectListed(db, { pcids }, filter)),
    listedOfEmaid: lookup('listed contracts', 'emaid', (emaids, filter) => selectListed(db, { emaids }, filter)),
  };
}

type SelectAll<Key, Entry> = (keys: readonly Key[], filter: ContractFilter) => Promise<readonly Entry[]>;

/** One statement at a time for each kind of question. */
function lookup<Name extends 'pcid' | 'emaid', Entry extends ListedContract>(
  what: string,
  name: Name,
  selectAll: SelectAll<Entry[Name], Entry>,
): Lookup<Entry[Name], Entry> {
  const lookups = new Map<string, (key: Entry[Name]) => Promise<readonly Entry[]>>();
  return (key, filter) => {
    // Few at the same time ask for data under a certain root, and roots are many.
    if (filter.cpsRoot !== undefined) return selectAll([key], filter);
    const kind = `${filter.edition} ${filter.defaultOnly === true}`;
    let ask = lookups.get(kind);
    if (ask === undefined) {
      ask = askedTogether({ what, answer: (keys) => selectEach(keys, name, filter, selectAll), ...LOOKUPS });
      lookups.set(kind, ask);
    }
    return ask(key);
  };
}

/** One list for each key, in their order. */
async function selectEach<Name extends 'pcid' | 'emaid', Entry extends ListedContract>(
  keys: readonly Entry[Name][],
  name: Name,
  filter: ContractFilter,
  selectAll: SelectAll<Entry[Name], Entry>,
): Promise<(readonly Entry[])[]> {
  const byKey = Map.groupBy(await selectAll(keys, filter), (entry) => entry[name]);
  return keys.map((key) => byKey.get(key) ?? []);
}
