/** The frame of every message: a header, and a body with one of the messages in it (ISO 15118-2 §8.3). */

import { complexType, made } from '../../schema/complex-type.ts';
import { optional, substitutionGroup } from '../../schema/particles.ts';
import { AuthorizationReq, AuthorizationRes, PaymentDetailsReq, PaymentDetailsRes } from './authorization-messages.ts';
import {
  CertificateInstallationReq,
  CertificateInstallationRes,
  CertificateUpdateReq,
  CertificateUpdateRes,
} from './certificate-messages.ts';
import {
  CableCheckReq,
  CableCheckRes,
  ChargingStatusReq,
  ChargingStatusRes,
  CurrentDemandReq,
  CurrentDemandRes,
  PreChargeReq,
  PreChargeRes,
  WeldingDetectionReq,
  WeldingDetectionRes,
} from './charging-messages.ts';
import { MessageHeaderType } from './header.ts';
import { MeteringReceiptReq, MeteringReceiptRes } from './metering.ts';
import { body, message } from './namespaces.ts';
import {
  ChargeParameterDiscoveryReq,
  ChargeParameterDiscoveryRes,
  PowerDeliveryReq,
  PowerDeliveryRes,
} from './power-messages.ts';
import {
  PaymentServiceSelectionReq,
  PaymentServiceSelectionRes,
  ServiceDetailReq,
  ServiceDetailRes,
  ServiceDiscoveryReq,
  ServiceDiscoveryRes,
} from './service-messages.ts';
import { SessionSetupReq, SessionSetupRes, SessionStopReq, SessionStopRes } from './session-messages.ts';

export const BodyBaseType = complexType();

export const BodyElement = substitutionGroup(
  body.abstractElement('BodyElement', BodyBaseType),
  AuthorizationReq,
  AuthorizationRes,
  CableCheckReq,
  CableCheckRes,
  CertificateInstallationReq,
  CertificateInstallationRes,
  CertificateUpdateReq,
  CertificateUpdateRes,
  ChargeParameterDiscoveryReq,
  ChargeParameterDiscoveryRes,
  ChargingStatusReq,
  ChargingStatusRes,
  CurrentDemandReq,
  CurrentDemandRes,
  MeteringReceiptReq,
  MeteringReceiptRes,
  PaymentDetailsReq,
  PaymentDetailsRes,
  PaymentServiceSelectionReq,
  PaymentServiceSelectionRes,
  PowerDeliveryReq,
  PowerDeliveryRes,
  PreChargeReq,
  PreChargeRes,
  ServiceDetailReq,
  ServiceDetailRes,
  ServiceDiscoveryReq,
  ServiceDiscoveryRes,
  SessionSetupReq,
  SessionSetupRes,
  SessionStopReq,
  SessionStopRes,
  WeldingDetectionReq,
  WeldingDetectionRes,
);

export const BodyType = complexType(optional(BodyElement));

export const V2G_Message = message.element(
  'V2G_Message',
  made(
    (Header, Body) => ({ Header, Body }),
    complexType(message.element('Header', MessageHeaderType), message.element('Body', BodyType)),
  ),
);
