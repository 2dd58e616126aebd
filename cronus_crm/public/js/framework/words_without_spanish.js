// Words that the framework's Spanish leaves in English: how long ago something was, what removes the filters of a list, and
// the field of colours. They stand here so that they are among our messages, whose translations come after the framework's.
export const words = () => [__("{0} w"), __("{0} M"), __("{0} y"), __("SWATCHES"), __("Clear all filters")];
