import { Announcements } from '../../../../network/embedded/peer/announcements.js';

const never = new AbortController().signal;

test('what is there already is found without an announcement', async () => {
  await expect(new Announcements().until(() => 7, never)).resolves.toBe(7);
});

test('every waiter looks again at each announcement, until it finds', async () => {
  const announcements = new Announcements();
  let height = 0;
  const one = announcements.until(() => (height >= 1 ? 'one' : undefined), never);
  const two = announcements.until(() => (height >= 2 ? 'two' : undefined), never);
  height = 1;
  announcements.announce();
  await expect(one).resolves.toBe('one');
  height = 2;
  announcements.announce();
  await expect(two).resolves.toBe('two');
});

test('a caller who goes away is not waited for', async () => {
  const gone = new AbortController();
  const waiting = new Announcements().until(() => undefined, gone.signal);
  gone.abort(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
});

test('a look that fails is the waiter’s failure and nobody else’s', async () => {
  const announcements = new Announcements();
  let broken = false;
  const failing = announcements.until(() => {
    if (broken) throw new Error('disk');
    return undefined;
  }, never);
  const other = announcements.until(() => (broken ? 'fine' : undefined), never);
  broken = true;
  announcements.announce();
  await expect(failing).rejects.toThrow('disk');
  await expect(other).resolves.toBe('fine');
});
