/** The data of one contract with the chains in it, for whoever looks at it closely. */
import { buildChain, type Certificate, type Edition, type Emaid, readCertificate } from '@plugpool/iso15118/pki';
import type { Store } from '../store/store.ts';
import { selectContracts, selectStoringTimes } from './contract-queries.ts';
import type { ChainInMessage } from './messages/installation-messages.ts';
import { messagesOf } from './messages/messages-of-edition.ts';
import type { StoredContract } from './stored-contract.ts';

export interface ContractEntry extends StoredContract {
  /** Epoch milliseconds. */
  readonly storedAt: number;
  /** Leaf first; ends with the root as long as that is in the Root Certificate Pool. */
  readonly contractChain: readonly Certificate[];
  readonly cpsChain: readonly Certificate[];
}

export interface ContractEntriesNeeds {
  readonly store: Pick<Store, 'db'>;
  readonly anchors: (types: readonly ('V2G' | 'MO')[]) => Promise<Certificate[]>;
}

/** One for each edition and CPS root; none when there is no such contract. */
export type ContractEntries = (emaid: Emaid) => Promise<ContractEntry[]>;

const editions: readonly Edition[] = ['ISO15118-2', 'ISO15118-20'];

export function contractEntries({ store: { db }, anchors }: ContractEntriesNeeds): ContractEntries {
  return async (emaid) => {
    const stored: StoredContract[] = [];
    for (const edition of editions) stored.push(...(await selectContracts(db, { emaids: [emaid] }, { edition })));
    const times = await selectStoringTimes(db, emaid);
    const roots = await anchors(['MO', 'V2G']);
    const withChains = stored.map(async (entry) => {
      const { contractChain, cpsChain } = (await messagesOf(entry.edition)).readResponse(entry.installationRes);
      return {
        ...entry,
        storedAt: times.get(`${entry.edition} ${entry.cpsRootFingerprint}`) ?? 0,
        contractChain: chainUpToRoot(contractChain, roots),
        cpsChain: chainUpToRoot(cpsChain, roots),
      };
    });
    return await Promise.all(withChains);
  };
}

function chainUpToRoot(sent: ChainInMessage, roots: readonly Certificate[]): readonly Certificate[] {
  const leaf = readCertificate(sent.Certificate);
  const intermediates = (sent.SubCertificates?.Certificate ?? []).map(readCertificate);
  const built = buildChain({ leaf, intermediates, roots });
  return built.ok ? built.chain : [leaf, ...intermediates];
}
