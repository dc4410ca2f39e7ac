import { interceptors, MockAgent, request } from 'undici';
import { expect, test } from 'vitest';
import { refuseDowngrade } from '../../../../src/corpora/fetch/downgrade.js';

/** The text at an https address that redirects to `location`, by connections that keep their encryption. */
async function followed(location: string): Promise<string> {
  const agent = new MockAgent();
  agent.disableNetConnect();
  agent.get('https://a.test').intercept({ path: '/' }).reply(302, '', { headers: { location } });
  for (const origin of ['https://b.test', 'http://b.test']) {
    agent.get(origin).intercept({ path: '/file' }).reply(200, origin);
  }
  const dispatcher = agent.compose(
    refuseDowngrade,
    interceptors.retry({
      retry: (error, _context, decide) => {
        decide(error);
      },
    }),
    interceptors.redirect({ maxRedirections: 3 }),
  );
  const { body } = await request('https://a.test/', { dispatcher });
  return body.text();
}

test('follows a redirect that stays with https', async () => {
  expect(await followed('https://b.test/file')).toBe('https://b.test');
});

test('refuses one that leads to http', async () => {
  await expect(followed('http://b.test/file')).rejects.toThrow(
    'a redirect leads from https to http (b.test), and no checksum of the file is known to trust that',
  );
});
