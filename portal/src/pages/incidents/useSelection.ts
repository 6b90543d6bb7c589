/** The row looked at (in the address) and the rows checked (only here). */
import { useCallback, useEffect, useMemo, useState } from 'react';
import { stepFrom, usePatch } from '@app/useList';
import type { Incident } from '@api/types';
import type { IncidentsSearch } from './search';

export function useSelection(rows: Incident[], selected: number | null) {
  const [checked, setChecked] = useState<ReadonlySet<string>>(new Set());
  const current = rows.find((one) => one.properties.incidentNumber === selected) ?? null;

  const patchSearch = usePatch<IncidentsSearch>();
  const select = useCallback(
    (incident: Incident | null, replace = true) => patchSearch({ sel: incident?.properties.incidentNumber }, replace),
    [patchSearch],
  );
  const step = (by: number) => {
    const next = stepFrom(rows, current ? rows.indexOf(current) : -1, by);
    if (next) select(next);
  };
  const onCheck = useCallback((keys: string[], on: boolean) => {
    setChecked((old) => {
      const next = new Set(old);
      for (const key of keys) if (on) next.add(key);
        else next.delete(key);
      return next;
    });
  }, []);
  const clear = useCallback(() => setChecked(new Set()), []);
  const chosen = useMemo(() => rows.filter((one) => checked.has(one.name)), [rows, checked]);
  useEffect(() => {
    if (checked.size > 0 && chosen.length === 0 && rows.length > 0) clear();
  }, [checked.size, chosen.length, rows.length, clear]);
  return { current, checked, chosen, patchSearch, select, step, onCheck, clear };
}
