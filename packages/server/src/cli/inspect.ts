import { inspect } from '@plugpool/iso15118';
import { certificatesInFile } from './certificate-file.ts';
import { UsageError } from './command.ts';
import { readExiInput } from './inspection/exi-input.ts';
import { inspectionJson } from './inspection/inspection-json.ts';
import { inspectionText } from './inspection/inspection-text.ts';
import type { Io } from './io.ts';
import { parseOptions } from './options.ts';
import { paintFor } from './paint.ts';

export const usage = `Usage: plugpool inspect FILE|-|BASE64|HEX [OPTIONS]

Takes the octets of an EXI message or fragment, with or without V2GTP header: from a file, from standard input (-), or
as base64 or hexadecimal. Finds out which schema and edition it is of, shows it as a tree with octet and bit, verifies
its signature reference by reference, looks at the certificate chains and the contract key in it, and says what is wrong
and what to do about it. What cannot be decoded is shown up to the fault.

  --json          one JSON object instead of text
  --roots FILE    root certificates (PEM or DER) that the chains may end at; more than once
  --signer FILE   certificate that a message was signed with which does not carry it (of ISO 15118-2 AuthorizationReq and
                  MeteringReceiptReq, of ISO 15118-20 MeteringConfirmationReq, and the price schedules of both)

Exit code: 0 decoded, and signed rightly where it has to be; 1 the signature is missing, wrong or could not be verified;
2 not decoded.
`;

const options = {
  json: { type: 'boolean' },
  roots: { type: 'string', multiple: true },
  signer: { type: 'string' },
} as const;

export async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseOptions(argv, options);
  const [argument, ...more] = positionals;
  if (argument === undefined) throw new UsageError('name a file, or give base64 or hexadecimal');
  if (more.length > 0) throw new UsageError('one input at a time');
  const roots = (await Promise.all((values.roots ?? []).map(certificatesInFile))).flat();
  const signer = values.signer === undefined ? undefined : (await certificatesInFile(values.signer))[0];
  const input = await readExiInput(argument, io);
  const inspection = inspect(input, { at: Date.now(), roots, signer });
  const text =
    values.json === true
      ? `${JSON.stringify(inspectionJson(inspection))}\n`
      : inspectionText(inspection, input, paintFor(io));
  io.stdout.write(text);
  if (inspection.message === undefined) return 2;
  const unsigned = inspection.problems.some(({ code }) => code === 'no-signature');
  return unsigned || (inspection.signature !== null && inspection.signature.valid !== true) ? 1 : 0;
}
