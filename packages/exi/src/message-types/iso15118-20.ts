/** The common messages of ISO 15118-20 and what they are made of, by name: as those of ISO 15118-2, with `20` behind a name that both have. */

import type * as authorizationMessages from '../messages/iso15118-20-common/authorization-messages.ts';
import type * as certificateMessages from '../messages/iso15118-20-common/certificate-messages.ts';
import type * as certificates from '../messages/iso15118-20-common/certificates.ts';
import type * as commonTypes from '../messages/iso15118-20-common/common-types.ts';
import type * as header from '../messages/iso15118-20-common/header.ts';
import type * as meteringMessages from '../messages/iso15118-20-common/metering-messages.ts';
import type * as powerMessages from '../messages/iso15118-20-common/power-messages.ts';
import type * as powerSchedules from '../messages/iso15118-20-common/power-schedules.ts';
import type * as priceSchedules from '../messages/iso15118-20-common/price-schedules.ts';
import type * as scheduleMessages from '../messages/iso15118-20-common/schedule-messages.ts';
import type * as serviceMessages from '../messages/iso15118-20-common/service-messages.ts';
import type * as sessionMessages from '../messages/iso15118-20-common/session-messages.ts';
import type * as vehicleCheckMessages from '../messages/iso15118-20-common/vehicle-check-messages.ts';
import type { Infer } from '../schema/particles.ts';

/** The vehicle opens a session. */
export type SessionSetupReq20 = Infer<typeof sessionMessages.SessionSetupReqType>;

/** The charger answers with its `EVSEID`. */
export type SessionSetupRes20 = Infer<typeof sessionMessages.SessionSetupResType>;

/** The vehicle ends or pauses the session, or renegotiates services. */
export type SessionStopReq20 = Infer<typeof sessionMessages.SessionStopReqType>;

/** The charger agrees. */
export type SessionStopRes20 = Infer<typeof sessionMessages.SessionStopResType>;

/** Which ways of authorization are there? */
export type AuthorizationSetupReq20 = Infer<typeof authorizationMessages.AuthorizationSetupReqType>;

/** The ways; for Plug & Charge with `GenChallenge`, 16 random octets, and the providers that are accepted. */
export type AuthorizationSetupRes20 = Infer<typeof authorizationMessages.AuthorizationSetupResType>;

/** The way that the vehicle takes; for Plug & Charge the challenge and the contract chain, signed. */
export type AuthorizationReq20 = Infer<typeof authorizationMessages.AuthorizationReqType>;

/** Whether charging is allowed; `EVSEProcessing` says when to ask again. */
export type AuthorizationRes20 = Infer<typeof authorizationMessages.AuthorizationResType>;

/**
 * The vehicle asks for contract certificates. `OEMProvisioningCertificateChain` is signed over (`Id`),
 * certificates are DER.
 */
export type CertificateInstallationReq20 = Infer<typeof certificateMessages.CertificateInstallationReqType>;

/** One contract for the vehicle; `RemainingContractCertificateChains` tells how many more there are to ask for. */
export type CertificateInstallationRes20 = Infer<typeof certificateMessages.CertificateInstallationResType>;

/** Which services are there? */
export type ServiceDiscoveryReq20 = Infer<typeof serviceMessages.ServiceDiscoveryReqType>;

/** Energy transfer services and value added services. */
export type ServiceDiscoveryRes20 = Infer<typeof serviceMessages.ServiceDiscoveryResType>;

/** What are the parameters of a service? */
export type ServiceDetailReq20 = Infer<typeof serviceMessages.ServiceDetailReqType>;

/** Parameter sets of one service. */
export type ServiceDetailRes20 = Infer<typeof serviceMessages.ServiceDetailResType>;

/** The vehicle chooses its services. */
export type ServiceSelectionReq20 = Infer<typeof serviceMessages.ServiceSelectionReqType>;

/** Whether the choice is taken. */
export type ServiceSelectionRes20 = Infer<typeof serviceMessages.ServiceSelectionResType>;

/**
 * What the vehicle wants, dynamic or scheduled: `DepartureTime` in s from now, states of charge in %, energies in
 * Wh, `MaximumSupportingPoints` entries at most.
 */
export type ScheduleExchangeReq20 = Infer<typeof scheduleMessages.ScheduleExchangeReqType>;

/**
 * What the charger offers, dynamic or scheduled: durations in s, power in W, prices in the currency of the
 * schedule.
 */
export type ScheduleExchangeRes20 = Infer<typeof scheduleMessages.ScheduleExchangeResType>;

/** Power on, off or standby; `EVPowerProfile`: durations in s, power in W from `TimeAnchor` (s since 1970, UTC) on. */
export type PowerDeliveryReq20 = Infer<typeof powerMessages.PowerDeliveryReqType>;

/** Whether power is on; `NotificationMaxDelay` in s. */
export type PowerDeliveryRes20 = Infer<typeof powerMessages.PowerDeliveryResType>;

/** The vehicle confirms meter values with a signature over `SignedMeteringData`. */
export type MeteringConfirmationReq20 = Infer<typeof meteringMessages.MeteringConfirmationReqType>;

/** Whether they are taken. */
export type MeteringConfirmationRes20 = Infer<typeof meteringMessages.MeteringConfirmationResType>;

/** Parking in: how far it is, by which method, and where the vehicle's device is. */
export type VehicleCheckInReq20 = Infer<typeof vehicleCheckMessages.VehicleCheckInReqType>;

/** Parking in: where to. */
export type VehicleCheckInRes20 = Infer<typeof vehicleCheckMessages.VehicleCheckInResType>;

/** Leaving: `CheckOutTime` in s since 1970, UTC. */
export type VehicleCheckOutReq20 = Infer<typeof vehicleCheckMessages.VehicleCheckOutReqType>;

/** Whether the vehicle may go. */
export type VehicleCheckOutRes20 = Infer<typeof vehicleCheckMessages.VehicleCheckOutResType>;

/** `SessionID`: 8 octets; `TimeStamp` in s since 1970, UTC. */
export type MessageHeader20 = Infer<typeof header.MessageHeaderType>;

/**
 * A contract chain as DER and its key, encrypted for the vehicle: 94 octets for secp521r1, 84 for X448, or 206 for
 * a TPM; signed under its `Id`.
 */
export type SignedInstallationData = Infer<typeof certificates.SignedInstallationDataType>;

/** Meter values as the vehicle signs them. */
export type SignedMeteringData = Infer<typeof meteringMessages.SignedMeteringDataType>;

/** `Value` · 10^`Exponent`, in the unit of the field it stands in. */
export type RationalNumber = Infer<typeof commonTypes.RationalNumberType>;

/** Energies in Wh and VARh as the names say, `MeterTimestamp` in s since 1970, UTC. */
export type MeterInfo20 = Infer<typeof commonTypes.MeterInfoType>;

/** Costs so far from `TimeAnchor` (s since 1970, UTC) on, in the currency of the price schedule. */
export type Receipt20 = Infer<typeof commonTypes.ReceiptType>;

/** States of charge in %, remaining times in s, `BatteryEnergyCapacity` in Wh. */
export type DisplayParameters = Infer<typeof commonTypes.DisplayParametersType>;

/**
 * Prices from `TimeAnchor` (s since 1970, UTC) on: durations and periods in s, `PowerRangeStart` in W, energy fees
 * per kWh, `CarbonDioxideEmission` in g/kWh, `RenewableGenerationPercentage` in %; signed under its `Id`.
 */
export type AbsolutePriceSchedule = Infer<typeof priceSchedules.AbsolutePriceScheduleType>;

/**
 * Levels instead of prices, 0 the cheapest: durations in s from `TimeAnchor` (s since 1970, UTC) on; signed under
 * its `Id`.
 */
export type PriceLevelSchedule = Infer<typeof priceSchedules.PriceLevelScheduleType>;

/** Power in W for durations in s from `TimeAnchor` (s since 1970, UTC) on; `AvailableEnergy` in Wh. */
export type PowerSchedule = Infer<typeof powerSchedules.PowerScheduleType>;
