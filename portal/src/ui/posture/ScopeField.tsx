import { Field, Select } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { scopesQuery } from '@api/policies';
import { useSubscription } from '@app/usePosture';
import { t } from '@i18n/t';

/** How deep a scope is, told by its id. */
function kindOf(id: string): string {
  if (/\/resourceGroups\//i.test(id)) return t('scope.group');
  return /\/managementGroups\//i.test(id) ? t('scope.management') : t('scope.subscription');
}

/** Where it shall hold: management groups, subscriptions, resource groups. */
export function ScopeField({ value, onPick }: { value: string; onPick: (id: string) => void }) {
  const { data } = useQuery(scopesQuery(useSubscription()));
  return (
    <Field label={t('policies.scope')} required>
      <Select value={value} onChange={(_, picked) => onPick(picked.value)}>
        {(data ?? [{ id: value, name: value.split('/').pop() ?? '' }]).map((one) => (
          <option key={one.id} value={one.id}>
            {kindOf(one.id)}: {one.name}
          </option>
        ))}
      </Select>
    </Field>
  );
}
