/** How vehicle and station are; the AC and DC forms stand in for the abstract ones. */

import { xsBoolean, xsUnsignedShort } from '../../schema/built-in-types.ts';
import { complexType, extension, inUnits, made } from '../../schema/complex-type.ts';
import { optional, substitutionGroup } from '../../schema/particles.ts';
import { data } from './namespaces.ts';
import {
  DC_EVErrorCodeType,
  DC_EVSEStatusCodeType,
  EVSENotificationType,
  isolationLevelType,
  percentValueType,
} from './simple-types.ts';

export const EVStatusType = complexType();

export interface DC_EVStatusUnits {
  /** In %. State of charge. */
  readonly EVRESSSOC?: unknown;
}

export const DC_EVStatusType = inUnits<DC_EVStatusUnits>()(
  made(
    (EVReady, EVErrorCode, EVRESSSOC) => ({ EVReady, EVErrorCode, EVRESSSOC }),
    complexType(
      data.element('EVReady', xsBoolean),
      data.element('EVErrorCode', DC_EVErrorCodeType),
      data.element('EVRESSSOC', percentValueType),
    ),
  ),
);

export const DC_EVStatus = data.element('DC_EVStatus', DC_EVStatusType);

export const EVStatus = substitutionGroup(data.abstractElement('EVStatus', EVStatusType), DC_EVStatus);

export interface EVSEStatusUnits {
  /** In s, within which the vehicle has to react. */
  readonly NotificationMaxDelay?: unknown;
}

export const EVSEStatusType = inUnits<EVSEStatusUnits>()(
  complexType(
    data.element('NotificationMaxDelay', xsUnsignedShort),
    data.element('EVSENotification', EVSENotificationType),
  ),
);

export const AC_EVSEStatusType = inUnits<EVSEStatusUnits>()(extension(EVSEStatusType, data.element('RCD', xsBoolean)));

export const AC_EVSEStatus = data.element('AC_EVSEStatus', AC_EVSEStatusType);

export const DC_EVSEStatusType = inUnits<EVSEStatusUnits>()(
  extension(
    EVSEStatusType,
    optional(data.element('EVSEIsolationStatus', isolationLevelType)),
    data.element('EVSEStatusCode', DC_EVSEStatusCodeType),
  ),
);

export const DC_EVSEStatus = data.element('DC_EVSEStatus', DC_EVSEStatusType);

export const EVSEStatus = substitutionGroup(
  data.abstractElement('EVSEStatus', EVSEStatusType),
  AC_EVSEStatus,
  DC_EVSEStatus,
);
