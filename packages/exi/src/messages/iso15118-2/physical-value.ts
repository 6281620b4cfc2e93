/** A number with unit and decimal exponent (ISO 15118-2 §8.5.2). */

import { xsShort } from '../../schema/built-in-types.ts';
import { complexType, inUnits, made } from '../../schema/complex-type.ts';
import { data } from './namespaces.ts';
import { unitMultiplierType, unitSymbolType } from './simple-types.ts';

export interface PhysicalValueUnits {
  /** Decimal exponent: the quantity is `Value` · 10^`Multiplier`. */
  readonly Multiplier?: unknown;
  /** h, m (minutes), s, A, V, W or Wh. */
  readonly Unit?: unknown;
  /** In `Unit` · 10^`Multiplier`. */
  readonly Value?: unknown;
}

export const PhysicalValueType = inUnits<PhysicalValueUnits>()(
  made(
    (Multiplier, Unit, Value) => ({ Multiplier, Unit, Value }),
    complexType(
      data.element('Multiplier', unitMultiplierType),
      data.element('Unit', unitSymbolType),
      data.element('Value', xsShort),
    ),
  ),
);
