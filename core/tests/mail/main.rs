//! Stories of the outbox, each on both databases.

#[cfg(test)]
mod database;
#[cfg(test)]
mod failures;
#[cfg(test)]
mod secrecy_of_the_table;
#[cfg(test)]
mod sending;
#[cfg(test)]
mod worker;
#[cfg(test)]
mod world;
