/** Simple types of V2G_CI_CommonTypes and V2G_CI_CommonMessages. Lengths are told, not enforced. */

import { base64Binary, hexBinary } from '../../primitives/binary.ts';
import { enumeration } from '../../primitives/enumeration.ts';
import { integer } from '../../primitives/integer.ts';
import { stringType } from '../../primitives/string.ts';

export const authorizationType = enumeration('EIM', 'PnC');

export const certificateType = base64Binary({ maxLength: 1600 });

export const channelSelectionType = enumeration('Charge', 'Discharge');

export const chargeProgressType = enumeration('Start', 'Stop', 'Standby', 'ScheduleRenegotiation');

export const chargingSessionType = enumeration('Pause', 'Terminate', 'ServiceRenegotiation');

export const currencyType = stringType('currencyType', { maxLength: 3 });

export const descriptionType = stringType('descriptionType', { maxLength: 160 });

export const dhPublicKeyType = base64Binary({ length: 133 });

export const ecdhCurveType = enumeration('SECP521', 'X448');

export const evCheckInStatusType = enumeration('CheckIn', 'Processing', 'Completed');

export const evCheckOutStatusType = enumeration('CheckOut', 'Processing', 'Completed');

export const evseCheckOutStatusType = enumeration('Scheduled', 'Completed');

export const evseNotificationType = enumeration(
  'Pause',
  'ExitStandby',
  'Terminate',
  'ScheduleRenegotiation',
  'ServiceRenegotiation',
  'MeteringConfirmation',
);

export const genChallengeType = base64Binary({ length: 16 });

export const identifierType = stringType('identifierType', { maxLength: 255 });

export const languageType = stringType('languageType', { maxLength: 3 });

export const maxSupportingPointsScheduleTupleType = integer(12, 1024);

export const meterIDType = stringType('meterIDType', { maxLength: 32 });

export const meterSignatureType = base64Binary({ maxLength: 64 });

export const nameType = stringType('nameType', { maxLength: 80 });

export const numericIDType = integer(1, 4_294_967_295);

export const parkingMethodType = enumeration('AutoParking', 'MVGuideManual', 'Manual');

export const percentValueType = integer(0, 100);

export const powerToleranceAcceptanceType = enumeration('PowerToleranceNotConfirmed', 'PowerToleranceConfirmed');

export const processingType = enumeration('Finished', 'Ongoing', 'Ongoing_WaitingForCustomerInteraction');

export const responseCodeType = enumeration(
  'OK',
  'OK_CertificateExpiresSoon',
  'OK_NewSessionEstablished',
  'OK_OldSessionJoined',
  'OK_PowerToleranceConfirmed',
  'WARNING_AuthorizationSelectionInvalid',
  'WARNING_CertificateExpired',
  'WARNING_CertificateNotYetValid',
  'WARNING_CertificateRevoked',
  'WARNING_CertificateValidationError',
  'WARNING_ChallengeInvalid',
  'WARNING_EIMAuthorizationFailure',
  'WARNING_eMSPUnknown',
  'WARNING_EVPowerProfileViolation',
  'WARNING_GeneralPnCAuthorizationError',
  'WARNING_NoCertificateAvailable',
  'WARNING_NoContractMatchingPCIDFound',
  'WARNING_PowerToleranceNotConfirmed',
  'WARNING_ScheduleRenegotiationFailed',
  'WARNING_StandbyNotAllowed',
  'WARNING_WPT',
  'FAILED',
  'FAILED_AssociationError',
  'FAILED_ContactorError',
  'FAILED_EVPowerProfileInvalid',
  'FAILED_EVPowerProfileViolation',
  'FAILED_MeteringSignatureNotValid',
  'FAILED_NoEnergyTransferServiceSelected',
  'FAILED_NoServiceRenegotiationSupported',
  'FAILED_PauseNotAllowed',
  'FAILED_PowerDeliveryNotApplied',
  'FAILED_PowerToleranceNotConfirmed',
  'FAILED_ScheduleRenegotiation',
  'FAILED_ScheduleSelectionInvalid',
  'FAILED_SequenceError',
  'FAILED_ServiceIDInvalid',
  'FAILED_ServiceSelectionInvalid',
  'FAILED_SignatureError',
  'FAILED_UnknownSession',
  'FAILED_WrongChargeParameter',
);

export const secp521_EncryptedPrivateKeyType = base64Binary({ length: 94 });

export const serviceIDType = integer(0, 65_535);

export const sessionIDType = hexBinary({ length: 8 });

export const tpm_EncryptedPrivateKeyType = base64Binary({ length: 206 });

export const x448_EncryptedPrivateKeyType = base64Binary({ length: 84 });
