/** The identifier patterns of the field's interface descriptions; they appear in error texts as they are written here. */
export const PCID_PATTERN = '^[a-zA-Z0-9]{17,18}$';

/** The OPNC allows the longer instances of ISO 15118-20, OPCP and the quick start do not. */
export const EMAID_PATTERNS = {
  opnc: '^[A-Za-z]{2}[-]?\\w{3}[-]?\\w{9,28}[-]?(\\w{1})?$',
  opcp: '^[A-Za-z]{2}[-]?\\w{3}[-]?\\w{9}[-]?(\\w{1})?$',
} as const;

export const BASE64_PATTERN = '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$';
export const FINGERPRINT_PATTERN = '^[0-9a-fA-F]{64}$';
