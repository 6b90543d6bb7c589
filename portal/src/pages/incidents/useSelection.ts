/** The row looked at (in the address) and the rows checked (only here). */
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useNavigate } from '@tanstack/react-router';
import type { Incident } from '@api/types';
import type { IncidentsSearch } from './search';

export function useSelection(rows: Incident[], selected: number | null) {
  const navigate = useNavigate();
  const [checked, setChecked] = useState<ReadonlySet<string>>(new Set());
  const current = rows.find((one) => one.properties.incidentNumber === selected) ?? null;

  const patchSearch = useCallback(
    (patch: IncidentsSearch, replace = false) =>
      void navigate({ to: '/incidents', search: (old: object) => ({ ...old, ...patch }), replace }),
    [navigate],
  );
  const select = useCallback(
    (incident: Incident | null, replace = true) => patchSearch({ sel: incident?.properties.incidentNumber }, replace),
    [patchSearch],
  );
  const step = (by: number) => {
    const at = current ? rows.indexOf(current) : by > 0 ? -1 : rows.length;
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
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
