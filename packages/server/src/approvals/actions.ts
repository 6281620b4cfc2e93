/** How each action is carried out: the one place where that stands, whether it is done at once or was approved. */
import { createPrivateKey } from 'node:crypto';
import { readCertificate } from '@plugpool/iso15118/pki';
import { changedParty, type PartyRights } from '../access/party.ts';
import type { PartyRegister } from '../access/party-register.ts';
import { whoActs } from '../kernel/acting.ts';
import { refuse } from '../kernel/domain-error.ts';
import type { Secrets } from '../keys/key-store.ts';
import type { PublicKeyInfrastructure } from '../pki/public-key-infrastructure.ts';
import type { RootCertificatePool } from '../rcp/root-certificate-pool.ts';
import type { Db, Store, Tx } from '../store/store.ts';
import type { ActionKind, MadeClient, Orders, Results } from './approval.ts';
import { canonicalJson } from './canonical-json.ts';

export interface ActionNeeds {
  readonly store: Store;
  readonly rcp: RootCertificatePool;
  readonly parties: PartyRegister;
  /** Opened when it is needed first: most actions work without the master secret. */
  readonly pki: () => Promise<Pick<PublicKeyInfrastructure, 'prepareImport' | 'prepareRoots'>>;
  readonly secrets: () => Promise<Secrets>;
}

/** `at-once`: nobody else has to approve. */
export type Way = 'at-once' | 'approved';

interface Action<O, R> {
  /** What it is about, for people and the audit log. */
  readonly object: (order: O) => string;
  /** Whether it needs nobody's approval, though others of its kind do. May refuse what nobody shall approve. */
  readonly isFree?: (order: O, db: Db) => Promise<boolean>;
  /** What it would change, as it is now: another text means that it has changed. */
  readonly ground: (order: O, tx: Tx) => Promise<string>;
  /** Does what cannot be done in a transaction, and returns the rest. */
  readonly prepare: (order: O) => Promise<(tx: Tx, way: Way) => Promise<R>>;
  /** Ids of what came of it; nothing secret. */
  readonly outcome: (result: R) => Readonly<Record<string, unknown>>;
  /** Members of the order that are secret, and are forgotten with the decision. */
  readonly hidden?: readonly (keyof O & string)[];
  /** Whether a proposal is tried out, and undone, when it is made. Not what leaves something behind. */
  readonly isRehearsed: boolean;
}

export type Actions = { readonly [K in ActionKind]: Action<Orders[K], Results[K]> };

export function actionsOf(needs: ActionNeeds): Actions {
  return { ...rootActions(needs), ...partyActions(needs), ...authorityActions(needs) };
}

function rootActions({ rcp }: ActionNeeds): Pick<Actions, 'root.add' | 'root.remove'> {
  const certificateOf = (base64: string) => readCertificate(Buffer.from(base64, 'base64'));
  return {
    'root.add': {
      object: ({ certificate }) => certificateOf(certificate).fingerprint,
      ground: async ({ certificate }, tx) => stateOfRoot(await rcp.find(certificateOf(certificate).fingerprint, tx)),
      prepare:
        async ({ certificate, types, ctlList }) =>
        (tx) =>
          rcp.add(tx, { certificate: certificateOf(certificate), types, ctlList }),
      outcome: ({ id }) => ({ rootCertificateId: id }),
      isRehearsed: true,
    },
    'root.remove': {
      object: ({ rootId }) => rootId,
      ground: async ({ rootId }, tx) => stateOfRoot(await rcp.get(rootId, tx)),
      prepare:
        async ({ rootId }) =>
        (tx) =>
          rcp.remove(tx, rootId),
      outcome: ({ certificate }) => ({ fingerprint: certificate.fingerprint }),
      isRehearsed: true,
    },
  };
}

function stateOfRoot(root: Awaited<ReturnType<RootCertificatePool['find']>>): string {
  return root === undefined ? '' : JSON.stringify([root.id, root.certificate.fingerprint, root.types, root.ctlList]);
}

function partyActions({
  parties,
}: ActionNeeds): Pick<Actions, 'party.add' | 'party.change' | 'client.add' | 'client.rotate'> {
  async function stateOfParty(partyId: string, tx: Tx): Promise<string> {
    const { name, roles, pki, identifiers, disabledAt = null } = await parties.within(tx).hold(partyId);
    return JSON.stringify([name, roles, pki, identifiers, disabledAt]);
  }
  const outcome = ({ partyId, clientId }: MadeClient) => ({ partyId, ...(clientId !== undefined && { clientId }) });
  return {
    'party.add': {
      object: ({ party }) => party.name,
      ground: async () => '',
      prepare:
        async ({ party, publicKeys }) =>
        async (tx, way) => {
          const within = parties.within(tx);
          const partyId = await within.add(party);
          if (publicKeys !== undefined) return await within.addSigningClient(partyId, publicKeys);
          // A secret would be seen by the approver, who could then be two operators.
          return way === 'at-once' ? await within.addClient(partyId) : { partyId };
        },
      outcome,
      isRehearsed: true,
    },
    'party.change': {
      object: ({ partyId }) => partyId,
      /** A name is for people. */
      async isFree({ partyId, changes }) {
        const before = await parties.get(partyId);
        return rightsOf(changedParty(before, changes)) === rightsOf(before);
      },
      ground: ({ partyId }, tx) => stateOfParty(partyId, tx),
      prepare:
        async ({ partyId, changes }) =>
        (tx) =>
          parties.within(tx).change(partyId, changes),
      outcome: ({ id }) => ({ partyId: id }),
      isRehearsed: true,
    },
    'client.add': {
      object: ({ partyId }) => partyId,
      async isFree({ partyId, publicKeys }) {
        const isFree = !isAnotherOperator(await parties.get(partyId));
        if (isFree || publicKeys !== undefined) return isFree;
        throw refuse('party-refused', 'publicKey', 'is needed: nobody shall know the secret of another operator');
      },
      ground: ({ partyId }, tx) => stateOfParty(partyId, tx),
      prepare:
        async ({ partyId, publicKeys }) =>
        (tx) => {
          const within = parties.within(tx);
          return publicKeys === undefined ? within.addClient(partyId) : within.addSigningClient(partyId, publicKeys);
        },
      outcome,
      isRehearsed: true,
    },
    'client.rotate': {
      object: ({ clientId }) => clientId,
      async isFree({ clientId }) {
        if (!isAnotherOperator(await parties.partyOf(clientId))) return true;
        throw refuse('party-refused', 'clientId', 'belongs to another operator, whose secret nobody else shall know');
      },
      ground: async () => '',
      prepare:
        async ({ clientId, overlapMs }) =>
        (tx) =>
          parties.within(tx).rotate(clientId, overlapMs),
      outcome: ({ clientId }) => ({ clientId }),
      isRehearsed: true,
    },
  };
}

function rightsOf({ roles, pki, identifiers }: PartyRights): string {
  return canonicalJson([roles, pki, identifiers]);
}

/** Whoever knows the secret of another operator is two operators. */
function isAnotherOperator({ id, roles }: { readonly id: string; readonly roles: readonly string[] }): boolean {
  return roles.includes('operator') && whoActs().actor !== `party:${id}`;
}

const KEY_NAME = 'approval:authority.import';

/** For `authority.import`: an order holds a private key in this form only. */
export function sealedForImport(secrets: Secrets, pkcs8: Uint8Array): string {
  return Buffer.from(secrets.seal(KEY_NAME, pkcs8)).toString('base64');
}

function authorityActions(needs: ActionNeeds): Pick<Actions, 'authority.import' | 'authority.add-root'> {
  const { rcp } = needs;
  return {
    'authority.import': {
      object: ({ kind }) => kind,
      ground: async () => '',
      async prepare({ kind, certificate, sealedKey }) {
        const secrets = await needs.secrets();
        const pkcs8 = Buffer.from(secrets.open(KEY_NAME, Buffer.from(sealedKey, 'base64')));
        const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
        pkcs8.fill(0);
        const imported = { kind, certificate: readCertificate(Buffer.from(certificate, 'base64')), privateKey };
        const { names, record } = await (await needs.pki()).prepareImport(imported);
        return async (tx) => {
          await record(tx, rcp.trustOwn);
          return names;
        };
      },
      outcome: (names) => ({ authorities: names }),
      hidden: ['sealedKey'],
      isRehearsed: true,
    },
    'authority.add-root': {
      object: () => 'v2g-root',
      ground: async () => '',
      async prepare() {
        const { names, record } = await (await needs.pki()).prepareRoots();
        return async (tx) => {
          await record(tx, rcp.trustOwn);
          return names;
        };
      },
      outcome: (names) => ({ authorities: names }),
      // Its keys may be made in a token, where nothing takes them back.
      isRehearsed: false,
    },
  };
}
