import type { Certificate } from '@plugpool/iso15118/pki';

/** What a root vouches for. `MO` is what OPNC calls eMSP; `PE` is the private environment of ISO 15118-2. */
export type RootType = 'V2G' | 'OEM' | 'MO' | 'PE';

export const ROOT_TYPES: readonly RootType[] = ['V2G', 'OEM', 'MO', 'PE'];

export interface RootCertificate {
  /** UUID, made when the root is added. */
  readonly id: string;
  readonly certificate: Certificate;
  /** At least one, in the order of `ROOT_TYPES`. */
  readonly types: readonly RootType[];
  /** Names of the certificate trust lists that recognise this root; informative. */
  readonly ctlList: readonly string[];
  /** Epoch milliseconds. */
  readonly addedAt: number;
}
