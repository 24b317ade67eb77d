/** What the process of an upload prints as its last line: how the upload ended. */
export type UploadAnswer =
  | { readonly kind: 'saved' }
  | {
      readonly kind: 'failed'
      /** How far it came: no request, the request that announces the entry, those that bring it. */
      readonly at: 'start' | 'announcement' | 'upload'
      /** Status of the answer to the announcement; null when there was none. */
      readonly status: number | null
    }
