import { VehicleRefusal, type VehicleRefusalCode } from '../src/vehicle/vehicle-refusal.ts';

/** The code of the refusal that the action ends in; other errors pass. */
export function refusalOf(action: () => unknown): VehicleRefusalCode | 'none' {
  try {
    action();
    return 'none';
  } catch (error) {
    if (error instanceof VehicleRefusal) return error.code;
    throw error;
  }
}
