//! Black-box tests: the built programs, driven over the protocols they meet in production.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    reason = "a test says what went wrong by failing"
)]

mod call;
mod calls_api;
mod cases;
mod check;
mod check_cases;
mod day;
mod deadlines;
mod deploy;
mod dev;
mod doctor;
mod duplicates;
mod events;
mod explore;
mod flows;
mod hostile;
mod invoke;
mod logging;
mod logs;
mod memory;
mod operations;
mod other_languages;
mod outages;
mod packaged;
mod pages;
mod ports;
mod project_file;
mod published;
mod published_faults;
mod records;
mod redirects;
mod releases;
mod replay;
mod replay_differences;
mod routes;
mod screen_cases;
mod screens;
mod sdk;
mod secrets;
mod serve;
mod serve_cases;
mod serve_files;
mod serve_messages;
mod serve_restart;
mod services;
mod services_calls;
mod services_storage;
mod setup;
mod slips;
mod spec;
mod spec_pages;
mod spill;
mod starting;
mod std_pages;
mod terminal;
mod traces;
mod tutorial;
