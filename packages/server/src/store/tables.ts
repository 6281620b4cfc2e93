/**
 * The shape of the database as the migrations leave it. Column types are the common subset of SQLite and PostgreSQL:
 * text, integers (times as epoch milliseconds, booleans as 0 and 1) and blobs; JSON is text.
 * Each room queries its own tables only; the comment above a table names its room.
 */
export interface Tables {
  root_certificate: RootCertificateTable;
  vehicle: VehicleTable;
  contract: ContractTable;
  default_contract: DefaultContractTable;
  signed_contract_data: SignedContractDataTable;
  private_key: PrivateKeyTable;
  authority: AuthorityTable;
  issued_certificate: IssuedCertificateTable;
  ocsp_responder: OcspResponderTable;
  crl: CrlTable;
}

/** rcp */
export interface RootCertificateTable {
  id: string;
  fingerprint: string;
  certificate: Uint8Array;
  /** JSON array of root types, in the order V2G, OEM, MO, PE. */
  types: string;
  /** JSON array of trust list names. */
  ctl_list: string;
  valid_to: number;
  added_at: number;
}

/** pcp: one row per PCID and edition. */
export interface VehicleTable {
  /** Upper case. */
  pcid: string;
  /** As the certificate's CN shows it. */
  shown_pcid: string;
  edition: string;
  wmi: string;
  certificate: Uint8Array;
  sub_ca2: Uint8Array | null;
  sub_ca1: Uint8Array;
  fingerprint: string;
  root_fingerprint: string;
  /** JSON array of the key identifiers of the V2G roots in the car, lower-case hex. */
  v2g_root_key_identifiers: string;
  previous_pcid: string | null;
  valid_to: number;
  published_at: number;
}

/** ccp: an EMAID belongs to one PCID. */
export interface ContractTable {
  /** The canonical identity: upper case, no separators, right check digit removed. */
  emaid: string;
  pcid: string;
  /** The PCID as the vehicle certificate's CN shows it. */
  shown_pcid: string;
  provider_id: string;
  created_at: number;
}

/** ccp: the contract that a car of one edition gets unless it asks for others; a vehicle has one for each edition, or none. */
export interface DefaultContractTable {
  pcid: string;
  edition: string;
  emaid: string;
}

/** ccp: signed contract data exists once per EMAID, edition and CPS root. */
export interface SignedContractDataTable {
  id: string;
  emaid: string;
  edition: string;
  cps_root_fingerprint: string;
  /** Distinguished name and serial number (lower-case hex) of that root, by which a car says which roots it has. */
  cps_root_name: string;
  cps_root_serial: string;
  /** The EMAID as the contract certificate's CN shows it. */
  shown_emaid: string;
  contract_certificate: Uint8Array;
  contract_fingerprint: string;
  valid_from: number;
  valid_to: number;
  /** The complete CertificateInstallationRes as EXI, with the session id that it was stored with. */
  installation_res: Uint8Array;
  meta_data: string | null;
  stored_at: number;
}

/** keys: sealed in the row, or in a token. */
export interface PrivateKeyTable {
  id: string;
  curve: string;
  /** PKCS#8, sealed under the master secret; no octets for a key in a token. */
  sealed_pkcs8: Uint8Array;
  /** `database` or `pkcs11`. */
  location: string;
  /** By which the token knows it, and its public half: of keys in a token. */
  reference: string | null;
  spki: Uint8Array | null;
  created_at: number;
}

/** pki: the certificate authorities and signers of this ecosystem. */
export interface AuthorityTable {
  /** For instance `v2g-root`, `oem-sub1`, `cps-signer`; the file name under /ca and /crl. */
  name: string;
  edition: string;
  /** The name of the issuing authority; its own for a root. */
  issuer_name: string;
  certificate: Uint8Array;
  fingerprint: string;
  private_key_id: string;
  created_at: number;
}

/** pki: every certificate that an authority of this ecosystem issued. */
export interface IssuedCertificateTable {
  fingerprint: string;
  authority_name: string;
  serial_hex: string;
  common_name: string;
  certificate: Uint8Array;
  not_before: number;
  not_after: number;
  issued_at: number;
  revoked_at: number | null;
  revocation_reason: string | null;
}

/** pki: certificates that sign OCSP answers in an authority's name; the latest generation signs, others are history. */
export interface OcspResponderTable {
  authority_name: string;
  /** Counts from 1 for each authority. */
  generation: number;
  certificate: Uint8Array;
  private_key_id: string;
  created_at: number;
}

/** pki: the last revocation list of each authority. Its number only grows, so it stands for one content. */
export interface CrlTable {
  authority_name: string;
  number: number;
  /** DER. */
  crl: Uint8Array;
  this_update: number;
  next_update: number;
  /** How many certificates of the authority had been revoked, ever, when the list was made. */
  revocations: number;
}
