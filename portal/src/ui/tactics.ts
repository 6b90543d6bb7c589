/** MITRE's tactics as words: "CredentialAccess" is "Credential access". */
export function tacticWord(tactic: string): string {
  const words = tactic.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
