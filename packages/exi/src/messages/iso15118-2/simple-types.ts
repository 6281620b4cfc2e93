/** Simple types of V2G_CI_MsgDataTypes. Lengths are told, not enforced. */

import { base64Binary, hexBinary } from '../../primitives/binary.ts';
import { enumeration } from '../../primitives/enumeration.ts';
import { integer } from '../../primitives/integer.ts';
import { stringType } from '../../primitives/string.ts';

export const responseCodeType = enumeration(
  'OK',
  'OK_NewSessionEstablished',
  'OK_OldSessionJoined',
  'OK_CertificateExpiresSoon',
  'FAILED',
  'FAILED_SequenceError',
  'FAILED_ServiceIDInvalid',
  'FAILED_UnknownSession',
  'FAILED_ServiceSelectionInvalid',
  'FAILED_PaymentSelectionInvalid',
  'FAILED_CertificateExpired',
  'FAILED_SignatureError',
  'FAILED_NoCertificateAvailable',
  'FAILED_CertChainError',
  'FAILED_ChallengeInvalid',
  'FAILED_ContractCanceled',
  'FAILED_WrongChargeParameter',
  'FAILED_PowerDeliveryNotApplied',
  'FAILED_TariffSelectionInvalid',
  'FAILED_ChargingProfileInvalid',
  'FAILED_MeteringSignatureNotValid',
  'FAILED_NoChargeServiceSelected',
  'FAILED_WrongEnergyTransferMode',
  'FAILED_ContactorError',
  'FAILED_CertificateNotAllowedAtThisEVSE',
  'FAILED_CertificateRevoked',
);

export const sessionIDType = hexBinary({ maxLength: 8 });

export const faultCodeType = enumeration('ParsingError', 'NoTLSRootCertificatAvailable', 'UnknownError');

export const faultMsgType = stringType('faultMsgType', { maxLength: 64 });

export const evccIDType = hexBinary({ maxLength: 6 });

export const evseIDType = stringType('evseIDType', { minLength: 7, maxLength: 37 });

export const eMAIDType = stringType('eMAIDType', { minLength: 14, maxLength: 15 });

export const genChallengeType = base64Binary({ length: 16 });

export const certificateType = base64Binary({ maxLength: 800 });

export const privateKeyType = base64Binary({ maxLength: 48 });

export const dHpublickeyType = base64Binary({ maxLength: 65 });

export const paymentOptionType = enumeration('Contract', 'ExternalPayment');

export const serviceIDType = integer(0, 65_535);

export const serviceNameType = stringType('serviceNameType', { maxLength: 32 });

export const serviceCategoryType = enumeration('EVCharging', 'Internet', 'ContractCertificate', 'OtherCustom');

export const serviceScopeType = stringType('serviceScopeType', { maxLength: 64 });

export const EnergyTransferModeType = enumeration(
  'AC_single_phase_core',
  'AC_three_phase_core',
  'DC_core',
  'DC_extended',
  'DC_combo_core',
  'DC_unique',
);

export const EVSEProcessingType = enumeration('Finished', 'Ongoing', 'Ongoing_WaitingForCustomerInteraction');

export const EVSENotificationType = enumeration('None', 'StopCharging', 'ReNegotiation');

export const chargeProgressType = enumeration('Start', 'Stop', 'Renegotiate');

export const chargingSessionType = enumeration('Terminate', 'Pause');

export const SAIDType = integer(1, 255);

export const tariffDescriptionType = stringType('tariffDescriptionType', { maxLength: 32 });

export const costKindType = enumeration(
  'relativePricePercentage',
  'RenewableGenerationPercentage',
  'CarbonDioxideEmission',
);

export const maxNumPhasesType = integer(1, 3);

export const percentValueType = integer(0, 100);

export const unitMultiplierType = integer(-3, 3);

export const unitSymbolType = enumeration('h', 'm', 's', 'A', 'V', 'W', 'Wh');

export const isolationLevelType = enumeration('Invalid', 'Valid', 'Warning', 'Fault', 'No_IMD');

export const DC_EVErrorCodeType = enumeration(
  'NO_ERROR',
  'FAILED_RESSTemperatureInhibit',
  'FAILED_EVShiftPosition',
  'FAILED_ChargerConnectorLockFault',
  'FAILED_EVRESSMalfunction',
  'FAILED_ChargingCurrentdifferential',
  'FAILED_ChargingVoltageOutOfRange',
  'Reserved_A',
  'Reserved_B',
  'Reserved_C',
  'FAILED_ChargingSystemIncompatibility',
  'NoData',
);

export const DC_EVSEStatusCodeType = enumeration(
  'EVSE_NotReady',
  'EVSE_Ready',
  'EVSE_Shutdown',
  'EVSE_UtilityInterruptEvent',
  'EVSE_IsolationMonitoringActive',
  'EVSE_EmergencyShutdown',
  'EVSE_Malfunction',
  'Reserved_8',
  'Reserved_9',
  'Reserved_A',
  'Reserved_B',
  'Reserved_C',
);

export const meterIDType = stringType('meterIDType', { maxLength: 32 });

export const meterStatusType = integer(-32_768, 32_767);

export const sigMeterReadingType = base64Binary({ maxLength: 64 });
