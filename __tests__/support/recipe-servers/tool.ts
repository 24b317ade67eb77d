/**
 * A command line tool that hands its arguments, and what it is given through a pipe, to a server of ours, and ends as that says.
 * It writes its arguments down in the working directory.
 * @param url the server's address
 * @param wantsInput a pattern of arguments for which standard input is read; it must be a pipe, as tools open it anew by its name
 */
export function tool(url: string, token: string, wantsInput: string): string {
  return `printf '%s\\n' "$@" >>arguments
input=
case "$*" in ${wantsInput}) [ -p /dev/stdin ] || { echo 'No such device or address: /dev/stdin' >&2; exit 252; }; input=$(base64 | tr -d '\\n') ;; esac
args=$(printf '%s\\0' "$@" | base64 | tr -d '\\n')
answer=$(printf '{"args":"%s","input":"%s"}' "$args" "$input" | /usr/bin/curl --silent --max-time 20 --header 'Authorization: Bearer ${token}' \\
  --data-binary @- --output answer.$$ --write-out '%{http_code}' '${url}') || { echo 'Could not connect to the endpoint URL' >&2; exit 255; }
case $answer in
  200) cat answer.$$; rm answer.$$ ;;
  *) cat answer.$$ >&2; rm answer.$$; exit 254 ;;
esac`
}

/** What such a tool was called with. */
export function calledWith(body: Buffer): { readonly args: readonly string[]; readonly input: Buffer } {
  const { args, input } = JSON.parse(body.toString('utf8')) as { args: string; input: string }
  return { args: Buffer.from(args, 'base64').toString('utf8').split('\0').slice(0, -1), input: Buffer.from(input, 'base64') }
}
