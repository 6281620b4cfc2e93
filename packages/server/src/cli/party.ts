import { readFile } from 'node:fs/promises';
import { newParty, type Party } from '../access/party.ts';
import type { PartyRegister } from '../access/party-register.ts';
import { type PublicKeys, publicKeysInText } from '../access/public-keys.ts';
import type { MadeClient, Performed } from '../approvals/approval.ts';
import type { Approvals } from '../approvals/approvals.ts';
import { DomainError } from '../kernel/domain-error.ts';
import { partyAnswer } from '../protocols/admin/party-shapes.ts';
import { openActions } from './actions/open-actions.ts';
import { asPerson, personOptions, personUsage, showProposed } from './actions/person.ts';
import { CommandFailure, UsageError } from './command.ts';
import { databaseOptions, databaseUsage } from './database.ts';
import type { Io } from './io.ts';
import { oneOf, parseOptions } from './options.ts';
import { duration } from './party/duration.ts';
import { partyOf, partyOptions } from './party/identifier-options.ts';
import { formatTable } from './table.ts';

export const usage = `Usage: plugpool party add --role ROLE [--name NAME] [--wmi WMI,…] [--json] [OPTIONS]
       plugpool party list [--json] [OPTIONS]
       plugpool party change PARTY_ID [--name NAME] [--wmi WMI,…] [--json] [OPTIONS]
       plugpool party add-client PARTY_ID [--public-key FILE] [--json] [OPTIONS]
       plugpool party rotate CLIENT_ID [--overlap TIME] [--json] [OPTIONS]
       plugpool party disable ID… | enable ID… [OPTIONS]

Companies that take part, with the clients that ask for tokens in their name. Works on the database itself, while a
server runs or not; a running server knows of a change within a second. A secret is shown once and kept as a hash.

  --role ROLE          oem, emsp, cpo, cps, operator; more than once, or with commas, for a company of several roles
  --name NAME          for people
  --wmi W,…            of an OEM: world manufacturer identifiers, the first three characters of its PCIDs
  --provider-id P,…    of an eMSP: the first five characters of its EMAIDs
  --operator-id O,…    of a CPO: country and operator of its EVSEIDs
  --cps-root F,…       of a CPS: fingerprints of the V2G roots that it signs under
  --pki own|ours|both  an eMSP with its own PKI has contract data signed, with ours generated (both)
  --public-key FILE    a client without a secret, which signs: PEM (a certificate too), a JWK or a JWK set
  --overlap TIME       how long the secrets before stay good: 24h, 30m, 0 (24h)
  --json               one JSON value
${personUsage}${databaseUsage}`;

const options = {
  ...databaseOptions,
  ...personOptions,
  ...partyOptions,
  overlap: { type: 'string' },
  'public-key': { type: 'string' },
  json: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseOptions<typeof options>>['values'];

interface Asked {
  readonly parties: PartyRegister;
  readonly approvals: Approvals;
  readonly ids: readonly string[];
  readonly values: Values;
  readonly io: Io;
}

const actions = {
  add: { least: 0, most: 0, run: add },
  list: { least: 0, most: 0, run: list },
  change: { least: 1, most: 1, run: change },
  'add-client': { least: 1, most: 1, run: addClient },
  rotate: { least: 1, most: 1, run: rotate },
  disable: { least: 1, most: 100, run: disable },
  enable: { least: 1, most: 100, run: enable },
} as const;

export async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseOptions(argv, options);
  const [word = '', ...ids] = positionals;
  const name = oneOf(word, 'the first word', [
    'add',
    'list',
    'change',
    'add-client',
    'rotate',
    'disable',
    'enable',
  ] as const);
  const { least, most, run: work } = actions[name];
  if (ids.length < least) throw new UsageError(name === 'rotate' ? 'name a client' : 'name an ID');
  if (ids.length > most) throw new UsageError(`"${ids[most]}" is one word too many`);
  checkValues(name, values);
  const opened = await openActions(values, io);
  try {
    return await asPerson(values.by, () => work({ ...opened, ids, values, io }));
  } catch (error) {
    if (error instanceof DomainError) throw new CommandFailure(error.errorMessages.join('; '), { cause: error });
    throw error;
  } finally {
    await opened.close();
  }
}

/** Before anything is opened. */
function checkValues(action: keyof typeof actions, values: Values): void {
  const { roles } = partyOf(values);
  if (action === 'add' && roles === undefined) throw new UsageError('--role is missing');
  if (values.overlap !== undefined) duration(values.overlap, '--overlap');
}

async function add({ approvals, values, io }: Asked): Promise<number> {
  const order = { party: newParty(partyOf(values)), publicKeys: await publicKeysOf(values) };
  return showClient(await approvals.perform('party.add', order), values, io);
}

async function addClient({ approvals, ids: [partyId = ''], values, io }: Asked): Promise<number> {
  const order = { partyId, publicKeys: await publicKeysOf(values) };
  return showClient(await approvals.perform('client.add', order), values, io);
}

/** @throws CommandFailure */
async function publicKeysOf({ 'public-key': file }: Values): Promise<PublicKeys | undefined> {
  if (file === undefined) return undefined;
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CommandFailure(`${file} cannot be read`, { cause });
  });
  try {
    return publicKeysInText(text);
  } catch (error) {
    if (error instanceof DomainError) throw new CommandFailure(`${file}: ${error.errorMessages.join('; ')}`);
    throw error;
  }
}

async function rotate({ approvals, ids: [clientId = ''], values, io }: Asked): Promise<number> {
  const overlapMs = duration(values.overlap ?? '24h', '--overlap');
  return showClient(await approvals.perform('client.rotate', { clientId, overlapMs }), values, io);
}

function showClient(performed: Performed<Partial<MadeClient>>, { json }: Values, io: Io): number {
  if ('proposed' in performed) {
    showProposed(performed.proposed, json === true, io);
    return 0;
  }
  const { partyId, clientId, clientSecret } = performed.done;
  if (json === true) {
    io.stdout.write(`${JSON.stringify({ partyId, clientId, clientSecret })}\n`);
    return 0;
  }
  if (partyId !== undefined) io.stdout.write(`party          ${partyId}\n`);
  io.stdout.write(`client id      ${clientId}\n`);
  if (clientSecret !== undefined) {
    io.stdout.write(`client secret  ${clientSecret}\n\nThe secret is not shown again.\n`);
  }
  return 0;
}

async function change({ approvals, ids: [partyId = ''], values, io }: Asked): Promise<number> {
  const changed = await approvals.perform('party.change', { partyId, changes: partyOf(values) });
  if ('done' in changed) return show([changed.done], values, io);
  showProposed(changed.proposed, values.json === true, io);
  return 0;
}

async function list({ parties, values, io }: Asked): Promise<number> {
  return show(await parties.list(), values, io);
}

async function disable({ parties, ids, io }: Asked): Promise<number> {
  for (const id of ids) {
    await parties.disable(id);
    io.stdout.write(`disabled ${id}\n`);
  }
  return 0;
}

async function enable({ parties, ids, io }: Asked): Promise<number> {
  for (const id of ids) {
    await parties.enable(id);
    io.stdout.write(`enabled ${id}\n`);
  }
  return 0;
}

function show(parties: readonly Party[], { json }: Values, io: Io): number {
  io.stdout.write(json === true ? `${JSON.stringify(parties.map(partyAnswer))}\n` : inTable(parties));
  return 0;
}

function inTable(parties: readonly Party[]): string {
  if (parties.length === 0) return 'no parties\n';
  const columns = ['PARTY', 'NAME', 'ROLES', 'OWN', 'CLIENTS', ''].map((title) => ({ title }));
  const rows = parties.map(({ id, name, roles, identifiers, clients, disabledAt }) => [
    id,
    name,
    roles.join(','),
    Object.values(identifiers).flat().join(','),
    clients.map((client) => (client.disabledAt === undefined ? client.id : `${client.id} (disabled)`)).join(','),
    disabledAt === undefined ? '' : 'disabled',
  ]);
  return formatTable(columns, rows);
}
