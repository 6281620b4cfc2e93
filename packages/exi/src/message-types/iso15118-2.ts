/** The messages of ISO 15118-2 and what they are made of, by name. All are inferred from the schema values; units are those of the standard. */

import type * as authorizationMessages from '../messages/iso15118-2/authorization-messages.ts';
import type * as certificateMessages from '../messages/iso15118-2/certificate-messages.ts';
import type * as certificates from '../messages/iso15118-2/certificates.ts';
import type * as chargeParameters from '../messages/iso15118-2/charge-parameters.ts';
import type * as chargingMessages from '../messages/iso15118-2/charging-messages.ts';
import type * as header from '../messages/iso15118-2/header.ts';
import type * as message from '../messages/iso15118-2/message.ts';
import type * as metering from '../messages/iso15118-2/metering.ts';
import type * as physicalValue from '../messages/iso15118-2/physical-value.ts';
import type * as powerMessages from '../messages/iso15118-2/power-messages.ts';
import type * as schedules from '../messages/iso15118-2/schedules.ts';
import type * as serviceMessages from '../messages/iso15118-2/service-messages.ts';
import type * as sessionMessages from '../messages/iso15118-2/session-messages.ts';
import type * as status from '../messages/iso15118-2/status.ts';
import type { Infer } from '../schema/particles.ts';

/** The vehicle opens a session. `EVCCID`: its MAC address, 6 octets. */
export type SessionSetupReq = Infer<typeof sessionMessages.SessionSetupReqType>;

/** The charger answers with its `EVSEID`; `EVSETimeStamp` in s since 1970, UTC. */
export type SessionSetupRes = Infer<typeof sessionMessages.SessionSetupResType>;

/** The vehicle ends the session for good, or pauses it to come back. */
export type SessionStopReq = Infer<typeof sessionMessages.SessionStopReqType>;

/** The charger agrees to the end or the pause. */
export type SessionStopRes = Infer<typeof sessionMessages.SessionStopResType>;

/** Which services are there? Both fields narrow the question. */
export type ServiceDiscoveryReq = Infer<typeof serviceMessages.ServiceDiscoveryReqType>;

/** How one may pay, the charging service with its energy transfer modes, and other services. */
export type ServiceDiscoveryRes = Infer<typeof serviceMessages.ServiceDiscoveryResType>;

/** What are the parameters of the service `ServiceID`? */
export type ServiceDetailReq = Infer<typeof serviceMessages.ServiceDetailReqType>;

/** Parameter sets of one service; each parameter has one of six kinds of value. */
export type ServiceDetailRes = Infer<typeof serviceMessages.ServiceDetailResType>;

/** The vehicle chooses contract or external payment, and its services. */
export type PaymentServiceSelectionReq = Infer<typeof serviceMessages.PaymentServiceSelectionReqType>;

/** Whether the choice is taken. */
export type PaymentServiceSelectionRes = Infer<typeof serviceMessages.PaymentServiceSelectionResType>;

/** The contract: `eMAID` of 14 or 15 characters and the contract certificate chain, DER. */
export type PaymentDetailsReq = Infer<typeof authorizationMessages.PaymentDetailsReqType>;

/** `GenChallenge`: 16 random octets to be signed; `EVSETimeStamp` in s since 1970, UTC. */
export type PaymentDetailsRes = Infer<typeof authorizationMessages.PaymentDetailsResType>;

/** Proof of the contract key: `GenChallenge` comes back under a signature over this element (`Id`). */
export type AuthorizationReq = Infer<typeof authorizationMessages.AuthorizationReqType>;

/** Whether charging is allowed; `EVSEProcessing` says when to ask again. */
export type AuthorizationRes = Infer<typeof authorizationMessages.AuthorizationResType>;

/**
 * The vehicle asks for a contract certificate. Signed with the provisioning key (`Id`); `OEMProvisioningCert` is
 * DER.
 */
export type CertificateInstallationReq = Infer<typeof certificateMessages.CertificateInstallationReqType>;

/**
 * Signed contract data: the chains as DER, the contract key encrypted for the vehicle (IV and 32 octets), the
 * ephemeral public key as an uncompressed point of 65 octets, the EMAID. The last four are signed.
 */
export type CertificateInstallationRes = Infer<typeof certificateMessages.CertificateInstallationResType>;

/** The vehicle asks for a new certificate for the contract it has; signed with the contract key (`Id`). */
export type CertificateUpdateReq = Infer<typeof certificateMessages.CertificateUpdateReqType>;

/** As CertificateInstallationRes; `RetryCounter`: days until the next try, -1 for never. */
export type CertificateUpdateRes = Infer<typeof certificateMessages.CertificateUpdateResType>;

/** What the vehicle wants and can take, AC or DC. */
export type ChargeParameterDiscoveryReq = Infer<typeof powerMessages.ChargeParameterDiscoveryReqType>;

/** What the charger can give, and its schedules and tariffs. */
export type ChargeParameterDiscoveryRes = Infer<typeof powerMessages.ChargeParameterDiscoveryResType>;

/** Power on, off or renegotiated; `ChargingProfile` is what the vehicle will draw at most. */
export type PowerDeliveryReq = Infer<typeof powerMessages.PowerDeliveryReqType>;

/** Whether power is on; `NotificationMaxDelay` of its status in s. */
export type PowerDeliveryRes = Infer<typeof powerMessages.PowerDeliveryResType>;

/** AC loop: the vehicle asks how things are. It has no fields. */
export type ChargingStatusReq = Infer<typeof chargingMessages.ChargingStatusReqType>;

/** AC loop: `EVSEMaxCurrent` in A, meter values, and whether a receipt is wanted. */
export type ChargingStatusRes = Infer<typeof chargingMessages.ChargingStatusResType>;

/** DC: the isolation may be measured. `EVRESSSOC` of the status in %. */
export type CableCheckReq = Infer<typeof chargingMessages.CableCheckReqType>;

/** DC: how far the isolation measurement is. */
export type CableCheckRes = Infer<typeof chargingMessages.CableCheckResType>;

/** DC: `EVTargetVoltage` in V, `EVTargetCurrent` in A. */
export type PreChargeReq = Infer<typeof chargingMessages.PreChargeReqType>;

/** DC: `EVSEPresentVoltage` in V. */
export type PreChargeRes = Infer<typeof chargingMessages.PreChargeResType>;

/** DC loop: target voltage in V and current in A, limits in V, A and W, times to bulk and full charge in s. */
export type CurrentDemandReq = Infer<typeof chargingMessages.CurrentDemandReqType>;

/** DC loop: present voltage in V and current in A, limits in V, A and W and whether they are reached, meter values. */
export type CurrentDemandRes = Infer<typeof chargingMessages.CurrentDemandResType>;

/** DC: the contactors may be tested. */
export type WeldingDetectionReq = Infer<typeof chargingMessages.WeldingDetectionReqType>;

/** DC: `EVSEPresentVoltage` in V. */
export type WeldingDetectionRes = Infer<typeof chargingMessages.WeldingDetectionResType>;

/** The vehicle confirms meter values with a signature over this element (`Id`). */
export type MeteringReceiptReq = Infer<typeof metering.MeteringReceiptReqType>;

/** Whether the receipt is taken. */
export type MeteringReceiptRes = Infer<typeof metering.MeteringReceiptResType>;

/** Session, fault notification and signature. `SessionID`: 8 octets, zeros before there is a session. */
export type V2gHeader = Infer<typeof header.MessageHeaderType>;

/** Exactly one message, under its name. */
export type V2gBody = Infer<typeof message.BodyType>;

/** A certificate and up to four sub CA certificates above it, each DER of at most 800 octets. */
export type CertificateChain = Infer<typeof certificates.CertificateChainType>;

/** `Value` · 10^`Multiplier` in `Unit`: h, m (minutes), s, A, V, W or Wh. */
export type PhysicalValue = Infer<typeof physicalValue.PhysicalValueType>;

/** `MeterReading` in Wh, `TMeter` in s since 1970, UTC. */
export type MeterInfo = Infer<typeof metering.MeterInfoType>;

/**
 * Prices over time; signed under its `Id`. Entries from `start` on for `duration`, both in s; `EPriceLevel` 0 is
 * the cheapest level.
 */
export type SalesTariff = Infer<typeof schedules.SalesTariffType>;

/** One offered schedule: `PMaxSchedule` has the most power in W from each `start` (s) on, with the tariff for it. */
export type SAScheduleTuple = Infer<typeof schedules.SAScheduleTupleType>;

/**
 * What the vehicle will draw: from `ChargingProfileEntryStart` (s) on at most `ChargingProfileEntryMaxPower` (W),
 * on 1 to 3 phases.
 */
export type ChargingProfile = Infer<typeof schedules.ChargingProfileType>;

/** `DepartureTime` in s from now, `EAmount` in Wh, voltage in V, currents in A. */
export type AC_EVChargeParameter = Infer<typeof chargeParameters.AC_EVChargeParameterType>;

/** `DepartureTime` in s from now, limits in A, W and V, energies in Wh, `FullSOC` and `BulkSOC` in %. */
export type DC_EVChargeParameter = Infer<typeof chargeParameters.DC_EVChargeParameterType>;

/** `EVSENominalVoltage` in V, `EVSEMaxCurrent` in A. */
export type AC_EVSEChargeParameter = Infer<typeof chargeParameters.AC_EVSEChargeParameterType>;

/** Limits in A, W and V, tolerance and ripple in A, `EVSEEnergyToBeDelivered` in Wh. */
export type DC_EVSEChargeParameter = Infer<typeof chargeParameters.DC_EVSEChargeParameterType>;

/** `EVRESSSOC`: state of charge in %. */
export type DC_EVStatus = Infer<typeof status.DC_EVStatusType>;

/**
 * `NotificationMaxDelay`: s within which the vehicle has to react; `RCD`: the residual current device has found a
 * fault.
 */
export type AC_EVSEStatus = Infer<typeof status.AC_EVSEStatusType>;

/** `NotificationMaxDelay`: s within which the vehicle has to react. */
export type DC_EVSEStatus = Infer<typeof status.DC_EVSEStatusType>;
