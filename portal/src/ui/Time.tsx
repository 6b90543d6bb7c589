import { useEffect, useState } from 'react';
import { age, exact, when } from './time';

/** Re-renders once a minute, so ages stay true without asking the server. */
export function useMinute(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

export function Age({ iso, now }: { iso: string | null | undefined; now: number }) {
  return (
    <time dateTime={iso ?? undefined} title={exact(iso)}>
      {age(iso, now)}
    </time>
  );
}

export function When({ iso }: { iso: string | null | undefined }) {
  return (
    <time dateTime={iso ?? undefined} title={exact(iso)}>
      {when(iso)}
    </time>
  );
}
