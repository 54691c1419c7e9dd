/**
 * Schedules that are replayed before any other, always: a line each of a token, what to expect of it (a rule that
 * it breaks, or `held`), and after `#` what it is about. Those of the built-in client are the least that convict it
 * once the guard they speak of is taken out; with the guard in, they hold.
 */
export const SEED_CORPUS: string = `
np1_AQECKgAACGJ1aWx0LWluBayqof5GavrN4wAISc4_Mg held # convicts a client with no lane at all
np1_AQIEKgAACGJ1aWx0LWluM7FQyOPgswjGoQAAMBoC4Fg held # convicts a client with a nonce drawn before the turn
np1_AAIDKgAACGJ1aWx0LWluBROOBi2lUqUpkwAAGEgAADjyKqQ held # convicts a client with a turn that ends before what was left un-awaited in it
np1_AQICKgAACGJ1aWx0LWlu3shloyxibBlsIQBACOQcKA held # convicts a client with siblings in a turn that do not wait for each other
np1_AgECKiABCGJ1aWx0LWluM4OqNJp3Qe32lwAAAPaovjc held # convicts a client with a lane freed when the connection breaks
np1_AgECKiABCGJ1aWx0LWlu6hSIcb0ZfhOTvwAAAACiaPS6 held # convicts a client with a lane freed at the caller's time limit
np1_AQIEKgAACGJ1aWx0LWlubaOOQCSclBwMawAIN6rZzA held # convicts a client with last come, first served
np1_AQEDKgIBCGJ1aWx0LWluaZrXCER-UjyfaQABFnDaZg held # convicts a client with a place in the queue that outlives its owner
np1_AQECKgAACmxlYXNlLWxvY2uPS82Tr4cb5yVoAAAILwW-1g no-overlap # the lease runs out while its holder waits
np1_AQECKgAADndlYi1sb2NrLXN0ZWFsVVdfnj9hnr9XHAAACK10b8E no-overlap # the lock is stolen from a holder that is slow
np1_AQECKhABEnJldHJ5LW91dHNpZGUtbG9ja1KpdRb3wutK5WcAAAixOClK no-overlap # a refused connection, and the retry outside the lock
np1_AQECKgAAGHJlZW50cmFuY3ktZmxhZy1wYXJhbGxlbBMDgqbwwZLagNwACHdEtjo no-overlap # two calls side by side, both inside the turn
`;
