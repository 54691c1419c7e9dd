/** One value for each key, made when it is first asked for. Objects are told apart by identity, as in any Map. */
export function perKey<K, V>(create: (key: K) => V): (key: K) => V {
  const values = new Map<K, V>();
  return (key) => {
    const value = values.get(key) ?? create(key);
    values.set(key, value);
    return value;
  };
}
