/**
 * Why a server refuses, as a closed set. The texts that the references give as examples tell the reason exactly, and
 * clients of the field match on them; where a text is of the server's own making, the form of the text or the status
 * says as much as can be known.
 */
const byText = {
  'root-not-found': 'Root certificate with the given ID is not found',
  'vehicle-not-found': 'The OEM provisioning certificate with given PCID is not found.',
  'vehicle-not-available': 'The OEM provisioning certificate with the given PCID is not available.',
  'contract-not-found': 'The contract for the given EMAID not found.',
  'contract-or-vehicle-not-found': 'Contract or Vehicle not found.',
  'contract-expired': 'The validUntil date of contract certificate is in the past.',
  'contract-ends-in-past': 'The given contractEnds date is in the past.',
  'emaid-taken': 'Invalid Tupple - EMAID is already used by other PCID.',
  'exi-invalid': 'EXI format is invalid!',
  'session-id-form':
    'Invalid SessionID format, make sure the length is maximum 8 characters and it is represented in HEX binary',
} as const;

/** The first that fits; `field : reason` is how all dialects name a field. */
const byForm = [
  ['field-missing', /^\S+ : must not be null$/],
  ['field-pattern', /^\S+ : must match "/],
  ['certificate-format', /^Invalid certificate format on /],
  ['field-invalid', /^[\w.[\] -]+ : /],
] as const;

const byStatus = {
  400: 'invalid',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  405: 'method-not-allowed',
  409: 'conflict',
  413: 'too-large',
  415: 'unsupported-media-type',
  429: 'too-many-requests',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
} as const;

export type RefusalKind =
  | keyof typeof byText
  | (typeof byForm)[number][0]
  | (typeof byStatus)[keyof typeof byStatus]
  /** 5xx: the server's own fault. */
  | 'server-error'
  /** A status that the interfaces do not know, such as a redirection. */
  | 'unexpected-status';

export function refusalKindOf(status: number, errorMessages: readonly string[]): RefusalKind {
  const [text = ''] = errorMessages;
  const known = kindsByText.get(text);
  if (known !== undefined) return known;
  const formed = status === 400 ? byForm.find(([, form]) => form.test(text)) : undefined;
  if (formed !== undefined) return formed[0];
  return kindsByStatus.get(status) ?? (status >= 500 ? 'server-error' : 'unexpected-status');
}

const kindsByText: ReadonlyMap<string, RefusalKind> = new Map(
  Object.entries(byText).map(([kind, text]) => [text, kind as keyof typeof byText]),
);
const kindsByStatus: ReadonlyMap<number, RefusalKind> = new Map(
  Object.entries(byStatus).map(([status, kind]) => [Number(status), kind]),
);
