import { KeeperError } from '../../keeper-error.ts'
import { stderrTail } from '../../process/stderr-tail.ts'
import { howToPin } from '../openssh.ts'
import type { SshAddress } from './ssh-address.ts'

/**
 * What ssh's own exit code 255 means, from its messages (OpenSSH, LC_ALL=C).
 * @param operation a write whose connection had been made may have been stored
 */
export function sshFailure(stderr: string, operation: 'read' | 'write', { host, port }: SshAddress): KeeperError {
  const message = `ssh to ${host}: ${stderrTail(stderr) || 'the connection ended without a message.'}`
  if (/REMOTE HOST IDENTIFICATION HAS CHANGED/.test(stderr)) {
    return new KeeperError(
      'store-refused',
      `THE HOST KEY OF ${host} IS NOT THE PINNED ONE. Nothing was sent. ${message}`,
      `Somebody may be between this runner and the host. Only when you know that its key was changed: ${howToPin(host, port)}`,
    )
  }
  if (/Host key verification failed|No .*host key is known|No matching host key/i.test(stderr)) {
    return new KeeperError(
      'store-refused',
      `ssh-known-hosts has no key for ${host} (port ${port}). Nothing was sent. ${message}`,
      howToPin(host, port),
    )
  }
  if (/Permission denied|Too many authentication failures|no mutual signature/i.test(stderr)) {
    return new KeeperError(
      'store-unauthorized',
      message,
      'See that ssh-key is a private key without passphrase whose public half is in authorized_keys on the host.',
    )
  }
  if (operation === 'read' || neverConnected.test(stderr)) {
    return new KeeperError('store-unreachable', message, 'See that the host is up and reachable from this runner.')
  }
  return new KeeperError('store-unknown-outcome', message, 'The connection broke off in a write: read it back.')
}

const neverConnected = /^ssh: (connect to host|Could not resolve)|kex_exchange_identification|banner exchange/im
