import { authorityKinds } from '../pki/authorities.ts';
import { revocationReasons } from '../pki/public-key-infrastructure.ts';
import { asPerson, personOptions, personUsage } from './actions/person.ts';
import { CommandFailure, UsageError } from './command.ts';
import { databaseOptions, databaseUsage } from './database.ts';
import type { Io } from './io.ts';
import { oneOf, parseOptions } from './options.ts';
import { addRoot, importAuthority, revoke, rotate } from './pki/changes.ts';
import { type OpenPki, openPki, pkiOptions } from './pki/open-pki.ts';
import { exportCertificate, list } from './pki/views.ts';

export const usage = `Usage: plugpool pki list [--json] [OPTIONS]
       plugpool pki export NAME [--pem|--der] [OPTIONS]
       plugpool pki rotate NAME… [OPTIONS]
       plugpool pki add-root [OPTIONS]
       plugpool pki import CERTIFICATE KEY --as KIND [OPTIONS]
       plugpool pki revoke FILE|FINGERPRINT --reason REASON [OPTIONS]

The certificate authorities and signers of this ecosystem. Works on the database itself, while a server runs or not; a
running server sees what changed within seconds.

  list      authority, edition, expiry, days left, where the key is
  export    the certificate, PEM unless --der is given
  rotate    a successor with a key of its own; what the older generation issued stays valid
  add-root  another V2G root for each algorithm, with sub CAs and a signer of contract data
  import    an authority made elsewhere: its certificate, and its private key as unencrypted PEM or DER (PKCS#8, SEC 1)
  revoke    a certificate that an authority of ours issued, also a sub CA or a signer

  --as KIND             ${authorityKinds.slice(0, 6).join(', ')},
                        ${authorityKinds.slice(6).join(', ')}
  --reason REASON       ${revocationReasons.slice(0, 4).join(', ')},
                        ${revocationReasons.slice(4).join(', ')}
  --public-url URL      stands in new certificates; has to be that of the server
                        (http://127.0.0.1:8080; PLUGPOOL_PUBLIC_URL)
  --json                for list: one JSON array
${personUsage}${databaseUsage}
Master secret, location of keys and the token's PIN are configured as for serve: PLUGPOOL_MASTER_SECRET,
PLUGPOOL_KEYS, PLUGPOOL_PKCS11_…, or the file named by PLUGPOOL_CONFIG.
`;

const options = {
  ...databaseOptions,
  ...personOptions,
  ...pkiOptions,
  as: { type: 'string' },
  reason: { type: 'string' },
  json: { type: 'boolean' },
  pem: { type: 'boolean' },
  der: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseOptions<typeof options>>['values'];

interface Action {
  readonly least: number;
  readonly most: number;
  readonly missing: string;
  /** Reads what the options say before anything is opened. @throws UsageError */
  readonly prepare: (names: readonly string[], values: Values) => (opened: OpenPki, io: Io) => Promise<number>;
}

const actions: Readonly<Record<string, Action>> = {
  list: {
    least: 0,
    most: 0,
    missing: '',
    prepare:
      (_names, { json }) =>
      (opened, io) =>
        list(opened, json === true, io),
  },
  export: {
    least: 1,
    most: 1,
    missing: 'name an authority',
    prepare: ([name = ''], { der, pem }) => {
      if (der === true && pem === true) throw new UsageError('--pem or --der, not both');
      return (opened, io) => exportCertificate(opened, name, der === true ? 'der' : 'pem', io);
    },
  },
  rotate: {
    least: 1,
    most: 100,
    missing: 'name an authority',
    prepare: (names) => (opened, io) => rotate(opened, names, io),
  },
  'add-root': { least: 0, most: 0, missing: '', prepare: () => addRoot },
  import: {
    least: 2,
    most: 2,
    missing: 'name the file of the certificate and that of the key',
    prepare: ([certificate = '', key = ''], values) => {
      if (values.as === undefined) throw new UsageError('--as is missing, `plugpool help pki` lists the kinds');
      const kind = oneOf(values.as, '--as', authorityKinds);
      return (opened, io) => importAuthority(opened, { kind, certificate, key }, io);
    },
  },
  revoke: {
    least: 1,
    most: 1,
    missing: 'name a certificate by its file or its fingerprint',
    prepare: ([name = ''], values) => {
      if (values.reason === undefined)
        throw new UsageError(`--reason is missing, one of ${revocationReasons.join(', ')}`);
      const reason = oneOf(values.reason, '--reason', revocationReasons);
      return (opened, io) => revoke(opened, name, reason, io);
    },
  },
};

export async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseOptions(argv, options);
  const [word = '', ...names] = positionals;
  const action = actions[oneOf(word, 'the first word', Object.keys(actions))];
  if (action === undefined) throw new CommandFailure(`${word} is not there`);
  if (names.length < action.least) throw new UsageError(action.missing);
  if (names.length > action.most) throw new UsageError(`"${names[action.most]}" is one word too many`);
  const work = action.prepare(names, values);
  const opened = await openPki(values, io);
  try {
    return await asPerson(values.by, () => work(opened, io));
  } finally {
    await opened.close();
  }
}
