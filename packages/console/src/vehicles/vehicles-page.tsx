import { PageHead } from '../parts/page-head.tsx';
import { FilterBar } from '../pools/filter-bar.tsx';
import { useFilters } from '../pools/filters.ts';
import { PoolTable } from '../pools/pool-table.tsx';
import type { ListedVehicle } from '../server/pools.ts';
import { texts } from '../texts/texts.ts';
import { VehicleRow } from './vehicle-row.tsx';

const states = ['', 'valid', 'expiring-7', 'expiring-30', 'expiring-90', 'expired', 'revoked'] as const;

export function VehiclesPage() {
  const filters = useFilters();
  const { title, what, searchWhat, pcid, published } = texts.vehicles;
  return (
    <>
      <PageHead title={title} what={what} />
      <FilterBar filters={filters} searchWhat={searchWhat} states={states} />
      <PoolTable<ListedVehicle>
        pool="vehicles"
        filters={filters}
        words={texts.vehicles}
        columns={[pcid, texts.pools.edition, texts.pools.validTo, published]}
        row={(vehicle) => <VehicleRow key={`${vehicle.pcid} ${vehicle.edition}`} vehicle={vehicle} />}
      />
    </>
  );
}
