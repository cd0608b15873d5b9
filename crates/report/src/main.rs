//! data/ to the README's tables; --check proves that they match

fn main() {}
