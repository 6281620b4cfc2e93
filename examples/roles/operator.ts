/**
 * The operator: whom the ecosystem trusts. Adds a root, shows what there is, and removes it again.
 *
 *   node operator.ts URL ROOT_PEM
 */
import { CallError } from '@plugpool/client';
import { formatName } from '@plugpool/iso15118';
import { certificatesIn } from './car-files.ts';
import { ecosystem, given } from './connection.ts';

const [url, rootPem] = process.argv.slice(2);
const { anyone, operator } = ecosystem(url);
const [certificate] = certificatesIn(given(rootPem, 'ROOT_PEM'));
if (certificate === undefined) throw new Error(`${rootPem} holds no certificate`);

const change = await operator.addRoot({ certificate, types: ['OEM'] });
if (change.outcome === 'proposed') throw new Error(`another operator has to approve ${change.approvalId}`);
const { id } = change.root;
for (const root of await anyone.roots()) {
  console.log(
    `${root.types.join('+').padEnd(8)} ${formatName(root.certificate.subject)}${root.id === id ? ' (new)' : ''}`,
  );
}
await operator.removeRoot(id);

// Every refusal has a kind that programs can tell apart, and the words of the server for people.
try {
  await anyone.root(id);
} catch (error) {
  if (!(error instanceof CallError)) throw error;
  console.log(`removed: ${error.refusal}, "${error.errorMessages.join('; ')}"`);
}
