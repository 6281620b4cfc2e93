import { PageHead } from '../parts/page-head.tsx';
import { FilterBar } from '../pools/filter-bar.tsx';
import { useFilters } from '../pools/filters.ts';
import { PoolTable } from '../pools/pool-table.tsx';
import type { ListedContract } from '../server/pools.ts';
import { texts } from '../texts/texts.ts';
import { ContractRow, keyOf } from './contract-table.tsx';

const states = [
  '',
  'valid',
  'expiring-7',
  'expiring-30',
  'expiring-90',
  'expired',
  'not-yet-valid',
  'revoked',
] as const;

export function ContractsPage() {
  const filters = useFilters();
  const { title, what, searchWhat, emaid, vehicle, cpsRoot, stored } = texts.contracts;
  return (
    <>
      <PageHead title={title} what={what} />
      <FilterBar filters={filters} searchWhat={searchWhat} states={states} />
      <PoolTable<ListedContract>
        pool="contracts"
        filters={filters}
        words={texts.contracts}
        columns={[emaid, vehicle, texts.pools.edition, texts.pools.validTo, cpsRoot, stored]}
        row={(contract) => <ContractRow key={keyOf(contract)} contract={contract} />}
      />
    </>
  );
}
