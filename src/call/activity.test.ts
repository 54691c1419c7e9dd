import { describe, expect, it } from 'vitest';
import { Activity } from './activity.ts';

function closing(activity: Activity): { isOver: boolean } {
  const wait = { isOver: false };
  void activity.close().then(() => (wait.isOver = true));
  return wait;
}

async function settle(): Promise<void> {
  for (let step = 0; step < 5; step += 1) await Promise.resolve();
}

describe('what is under way', () => {
  it('is waited for by all who close, to its last end', async () => {
    const activity = new Activity();
    activity.begin();
    activity.begin();
    const waits = [closing(activity), closing(activity)];
    activity.end();
    await settle();
    expect(waits.map(({ isOver }) => isOver)).toEqual([false, false]);
    activity.end();
    await settle();
    expect(waits.map(({ isOver }) => isOver)).toEqual([true, true]);
  });

  it('is nothing at first, and after it has ended: there is nothing to wait for', async () => {
    const activity = new Activity();
    activity.begin();
    activity.end();
    const wait = closing(activity);
    await settle();
    expect(wait.isOver).toBe(true);
  });

  it('is closed to what is new as soon as a closing begins', () => {
    const activity = new Activity();
    activity.begin();
    expect(activity.isClosed).toBe(false);
    void activity.close();
    expect(activity.isClosed).toBe(true);
  });
});
