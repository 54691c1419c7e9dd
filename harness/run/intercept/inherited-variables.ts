/** Variables of an environment. */
export type Variables = Readonly<Record<string, string>>;

/** Lists of options: what somebody else put there stays, ours is added. */
const OPTION_LISTS: readonly string[] = ['NODE_OPTIONS', 'JAVA_TOOL_OPTIONS'];

/** An environment with the inherited variables in it; one that is there already is left as it is. */
export function withInherited(env: Variables, inherited: Variables): Variables {
  const added = Object.entries(inherited).map(([name, value]) => {
    const given = env[name];
    if (given === undefined) return [name, value];
    return [name, OPTION_LISTS.includes(name) ? withOptions(given, value) : given];
  });
  return { ...env, ...Object.fromEntries(added) };
}

/** A list of options with `options` at its end, once. */
export function withOptions(list: string | undefined, options: string): string {
  if (list === undefined || list.trim() === '') return options;
  return list.includes(options) ? list : `${list} ${options}`;
}
