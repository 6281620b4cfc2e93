import { schemaSet } from '../../schema/schema-set.ts';
import { xmldsigElements } from '../xmldsig/set.ts';
import {
  AuthorizationReq,
  AuthorizationRes,
  AuthorizationSetupReq,
  AuthorizationSetupRes,
} from './authorization-messages.ts';
import { CertificateInstallationReq, CertificateInstallationRes } from './certificate-messages.ts';
import { SignedInstallationData } from './certificates.ts';
import {
  ChargeLoopReqType,
  ChargeLoopResType,
  ChargeParameterDiscoveryReqType,
  ChargeParameterDiscoveryResType,
  CLReqControlMode,
  CLResControlMode,
  Dynamic_CLReqControlModeType,
  Dynamic_CLResControlModeType,
  Scheduled_CLReqControlModeType,
  Scheduled_CLResControlModeType,
  TargetPositionType,
} from './charge-loop.ts';
import { MeteringConfirmationReq, MeteringConfirmationRes, SignedMeteringData } from './metering-messages.ts';
import { PowerDeliveryReq, PowerDeliveryRes } from './power-messages.ts';
import { ScheduleExchangeReq, ScheduleExchangeRes } from './schedule-messages.ts';
import {
  ServiceDetailReq,
  ServiceDetailRes,
  ServiceDiscoveryReq,
  ServiceDiscoveryRes,
  ServiceSelectionReq,
  ServiceSelectionRes,
} from './service-messages.ts';
import { SessionSetupReq, SessionSetupRes, SessionStopReq, SessionStopRes } from './session-messages.ts';
import {
  VehicleCheckInReq,
  VehicleCheckInRes,
  VehicleCheckOutReq,
  VehicleCheckOutRes,
} from './vehicle-check-messages.ts';

/**
 * ISO 15118-20: CommonMessages with CommonTypes and the XML signature schema. AC, DC, WPT and ACDP are schema sets of
 * their own, with other codes. The types at the end are used by those only.
 */
export const iso15118_20Common = schemaSet(
  'iso15118-20-common',
  [
    CLReqControlMode,
    CLResControlMode,
    SignedInstallationData,
    CertificateInstallationReq,
    CertificateInstallationRes,
    SessionSetupReq,
    SessionSetupRes,
    SessionStopReq,
    SessionStopRes,
    AuthorizationSetupReq,
    AuthorizationSetupRes,
    AuthorizationReq,
    AuthorizationRes,
    ServiceDiscoveryReq,
    ServiceDiscoveryRes,
    ServiceDetailReq,
    ServiceDetailRes,
    ServiceSelectionReq,
    ServiceSelectionRes,
    ScheduleExchangeReq,
    ScheduleExchangeRes,
    PowerDeliveryReq,
    PowerDeliveryRes,
    SignedMeteringData,
    MeteringConfirmationReq,
    MeteringConfirmationRes,
    VehicleCheckInReq,
    VehicleCheckInRes,
    VehicleCheckOutReq,
    VehicleCheckOutRes,
    ...xmldsigElements,
  ],
  [
    ChargeLoopReqType,
    ChargeLoopResType,
    ChargeParameterDiscoveryReqType,
    ChargeParameterDiscoveryResType,
    Scheduled_CLReqControlModeType,
    Scheduled_CLResControlModeType,
    Dynamic_CLReqControlModeType,
    Dynamic_CLResControlModeType,
    TargetPositionType,
  ],
);
