// Its start registers the post; there is nothing else to do yet.
