import type { Generated } from 'kysely';

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
  party: PartyTable;
  party_identifier: PartyIdentifierTable;
  client: ClientTable;
  client_secret: ClientSecretTable;
  token_key: TokenKeyTable;
  audit: AuditTable;
  operator_account: OperatorAccountTable;
  operator_session: OperatorSessionTable;
  event: EventTable;
  webhook_endpoint: WebhookEndpointTable;
  webhook_endpoint_event: WebhookEndpointEventTable;
  webhook_delivery: WebhookDeliveryTable;
  cleansing: CleansingTable;
  approval: ApprovalTable;
  peer: PeerTable;
  peer_subscription: PeerSubscriptionTable;
  peer_event: PeerEventTable;
  count_by_hour: CountByHourTable;
  count_in_all: CountInAllTable;
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
  /** The peer that publishes it, when its contracts alone are here; null when it is published here. */
  origin: string | null;
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

/** events: what happened, once, whoever hears of it. Recorded only when an endpoint has enabled its type. */
export interface EventTable {
  /** Counts in the order of recording; for one object that is the order in which things happened. */
  sequence: Generated<number>;
  /** UUID, the `eventId` of every delivery. */
  id: string;
  /** In OPCP's spelling. */
  type: string;
  /** What the event is about, for the order of deliveries: an EMAID, a root's id, an endpoint's id. */
  object: string;
  edition: string | null;
  /** Upper case; all four only on events about contracts. */
  wmi: string | null;
  provider_id: string | null;
  pcid: string | null;
  emaid: string | null;
  /** JSON object. */
  payload: string;
  /** The event whose delivery is told of; a type comes once for each cause. */
  cause: string | null;
  occurred_at: number;
  /** When its deliveries were made. */
  dispatched_at: number | null;
}

/** events: where a party wants to hear of what. */
export interface WebhookEndpointTable {
  id: string;
  /** `opnc` or `opcp`: the dialect it was registered in. */
  dialect: string;
  /** The party it belongs to; null where nobody is asked who he is. */
  owner: string | null;
  url: string;
  /** JSON array, in the spelling of the request. */
  enabled_events: string;
  /** JSON arrays; an empty one filters nothing. */
  wmis: string;
  provider_ids: string;
  pcids: string;
  emaids: string;
  description: string | null;
  /** JSON object, as it came. */
  metadata: string | null;
  api_version: string | null;
  /** 0 or 1. */
  enabled: number;
  /** Sealed under the master secret. */
  secret: Uint8Array;
  /** The one before, which signs besides it until then. */
  previous_secret: Uint8Array | null;
  previous_until: number | null;
  created_at: number;
}

/** events: the types that an endpoint has enabled, in OPCP's spelling. */
export interface WebhookEndpointEventTable {
  endpoint_id: string;
  event_type: string;
}

/** events: one event for one endpoint. */
export interface WebhookDeliveryTable {
  id: string;
  endpoint_id: string;
  event_id: string;
  /** Sequence and object of the event. */
  sequence: number;
  object: string;
  /** `pending`, `delivered`, `rejected`, `failed`. */
  state: string;
  attempts: number;
  /** When it may be sent; while somebody sends it, when it may be sent by somebody else. */
  due_at: number;
  created_at: number;
  last_attempt_at: number | null;
  /** HTTP status of the last answer; null when there was none. */
  last_status: number | null;
  /** Beginning of the last answer, or why there was none. */
  last_answer: string | null;
}

/** cleansing: one row for each run. */
export interface CleansingTable {
  /** The time slot of a run by schedule, so that one replica runs it; else a UUID. */
  id: string;
  started_at: number;
  finished_at: number | null;
  /** `schedule` or `command`. */
  started_by: string;
  /** JSON object: how many of what were removed. */
  summary: string | null;
}

/** federation: an ecosystem that is asked for what is unknown here. */
export interface PeerTable {
  /** Follows from the base URL. */
  id: string;
  base_url: string;
  /** `opnc` or `opcp`. */
  dialect: string;
  /** JSON array of the pools that it is asked for. */
  roles: string;
  /** Peers with lower numbers are asked first. */
  priority: number;
  /** 0 or 1. */
  enabled: number;
  client_id: string | null;
  /** Sealed under the master secret. */
  client_secret: Uint8Array | null;
  token_url: string | null;
  audience: string | null;
  created_at: number;
}

/** federation: our endpoint at a peer, which tells us its events. */
export interface PeerSubscriptionTable {
  peer_id: string;
  /** The peer's id of it. */
  endpoint_id: string;
  /** Sealed under the master secret. */
  secret: Uint8Array;
  created_at: number;
}

/** federation: events that a peer told and that were used; kept for as long as it may tell them again. */
export interface PeerEventTable {
  peer_id: string;
  event_id: string;
  received_at: number;
}

/** access */
export interface PartyTable {
  id: string;
  name: string;
  /** JSON array of roles. */
  roles: string;
  /** Of an eMSP: `own`, `ours` or `both`. */
  pki: string;
  created_at: number;
  disabled_at: number | null;
}

/** access: what is a party's own, several of a kind for several brands. Parties may share one. */
export interface PartyIdentifierTable {
  party_id: string;
  kind: string;
  /** In its one normal form. */
  value: string;
}

/** access: who asks for tokens in a party's name. */
export interface ClientTable {
  id: string;
  party_id: string;
  created_at: number;
  disabled_at: number | null;
  /** JSON Web Key Set of a client that signs in place of showing a secret. */
  jwks: string | null;
}

/** approvals: what an operator proposed. */
export interface ApprovalTable {
  id: string;
  kind: string;
  object: string;
  /** Canonical JSON; what is secret in it goes with the decision. */
  payload: string;
  /** SHA-256 of the payload without what is secret: of pending ones there is one of a kind. */
  payload_hash: string;
  /** SHA-256 of what it would change, as it was when it was proposed. */
  ground_hash: string;
  /** `pending`, `approved`, `rejected`, `expired`, `stale`. */
  state: string;
  proposed_by: string;
  proposed_at: number;
  expires_at: number;
  decided_by: string | null;
  decided_at: number | null;
  reason: string | null;
  /** JSON object: ids of what came of it. */
  outcome: string | null;
}

/** access: SHA-256 of a secret; a client has two while a rotation overlaps. */
export interface ClientSecretTable {
  hash: Uint8Array;
  client_id: string;
  created_at: number;
  expires_at: number | null;
}

/** access: keys that sign access tokens; the newest signs, those before verify until their tokens are over. */
export interface TokenKeyTable {
  kid: string;
  private_key_id: string;
  spki: Uint8Array;
  created_at: number;
}

/** access: one row for each change; never updated but for its place in the chain, which comes after its commit. */
export interface AuditTable {
  id: string;
  at: number;
  /** As in `kernel/acting.ts`. */
  actor: string;
  client_id: string | null;
  operation: string;
  object: string;
  before_hash: string | null;
  after_hash: string | null;
  trace_id: string | null;
  /** From 1 without gaps, with the hash over this row and the one before. */
  position: number | null;
  chain_hash: string | null;
}

/** overview: how often something was done in an hour, or refused. */
export interface CountByHourTable {
  /** Its beginning, epoch milliseconds. */
  hour: number;
  /** An operation of the audit log, or `refused OPERATION KIND`. */
  measure: string;
  count: number;
}

/** overview: `vehicles`, `contracts`, and `audit position`: up to which place in the audit log these are counted. */
export interface CountInAllTable {
  measure: string;
  count: number;
}

/** access: a person who operates the ecosystem and signs in with a password and the codes of an authenticator app. */
export interface OperatorAccountTable {
  id: string;
  /** Lower case. */
  name: string;
  /** `scrypt$…`, see `access/operators/passwords.ts`; null until the enrolment is done. */
  password: string | null;
  /** Sealed under the master secret; made when the enrolment begins. */
  totp_secret: Uint8Array | null;
  /** The time step of the last code that was used, so that none is good twice (RFC 6238 §5.2). */
  totp_step: number | null;
  /** SHA-256 of what stands in the enrolment link, in hexadecimal; null when there is none that is good. */
  enrolment_hash: string | null;
  enrolment_expires_at: number | null;
  created_at: number;
  enrolled_at: number | null;
  disabled_at: number | null;
}

/** access: somebody signed in to the console, with an account of ours or at an outside issuer. */
export interface OperatorSessionTable {
  /** SHA-256 of the id that the browser holds, in hexadecimal. */
  id_hash: string;
  /** As the audit log names whoever acts: `operator:NAME` or `operator:ISSUER#SUBJECT`. */
  operator: string;
  /** For people. */
  name: string;
  started_at: number;
  /** At most a minute old. */
  used_at: number;
  expires_at: number;
}
