import type { Dispatcher } from 'undici';
import { DownloadFailure } from './failure.js';

/**
 * Refuses requests without encryption, as a redirect from https to http makes them: anybody on the way could change what
 * comes.
 */
export const refuseDowngrade: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
  const { origin = '' } = options;
  const { protocol, host } = new URL(origin);
  if (protocol !== 'http:') return dispatch(options, handler);
  throw new DownloadFailure(
    `a redirect leads from https to http (${host}), and no checksum of the file is known to trust that`,
    true,
  );
};
