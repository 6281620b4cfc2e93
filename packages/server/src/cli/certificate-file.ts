import { readFile } from 'node:fs/promises';
import { type Certificate, CertificateError, pemBlocks, readCertificate } from '@plugpool/iso15118';
import { CommandFailure } from './command.ts';

/** The certificates of a file: DER, or PEM with one or more. @throws CommandFailure naming the file */
export async function certificatesInFile(file: string): Promise<Certificate[]> {
  try {
    const content = await readFile(file);
    const text = content.toString('latin1');
    if (!text.includes('-----BEGIN')) return [readCertificate(content)];
    const certificates = pemBlocks(text).filter(({ label }) => label === 'CERTIFICATE');
    if (certificates.length === 0) throw new CommandFailure(`${file}: there is no certificate in the PEM text`);
    return certificates.map(({ der }) => readCertificate(der));
  } catch (cause) {
    if (cause instanceof CertificateError) throw new CommandFailure(`${file}: ${cause.message}`, { cause });
    if (cause instanceof Error && 'syscall' in cause && 'code' in cause) {
      throw new CommandFailure(`${file} cannot be read (${String(cause.code)})`, { cause });
    }
    throw cause;
  }
}
