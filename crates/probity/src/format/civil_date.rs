//! Dates of the Gregorian calendar from counted seconds.

/// `2020-11-12 09:26:02` of seconds since 1970-01-01 00:00:00.
///
/// Years are counted from the 1st of March, so that the leap day is the last of its year; a cycle of the
/// calendar has 146,097 days in 400 years.
pub(crate) fn date_and_time(seconds: i64) -> String {
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // 719,468 days lie between the 1st of March of year 0 and 1970.
    let since_march = days + 719_468;
    let (cycle, day_of_cycle) = (since_march.div_euclid(146_097), since_march.rem_euclid(146_097));
    // Every 1,461st day is a leap day, but not every 36,525th, but the last one of the cycle.
    let year_of_cycle =
        (day_of_cycle - day_of_cycle / 1_460 + day_of_cycle / 36_524 - day_of_cycle / 146_096) / 365;
    let day_of_year = day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    // From March on, five months have 153 days.
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = 400 * cycle + year_of_cycle + i64::from(month <= 2);
    let (hour, minute) = (second / 3_600, second / 60 % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{:02}", second % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days() {
        // 946,684,800 is the beginning of 2000 and 1,709,164,800 that of the leap day of 2024.
        for (seconds, date) in [
            (0, "1970-01-01 00:00:00"),
            (951_782_399, "2000-02-28 23:59:59"),
            (951_782_400, "2000-02-29 00:00:00"),
            (946_684_800, "2000-01-01 00:00:00"),
            (1_709_164_800, "2024-02-29 00:00:00"),
            (-1, "1969-12-31 23:59:59"),
            (-2_209_075_200, "1899-12-31 00:00:00"),
        ] {
            assert_eq!(date_and_time(seconds), date);
        }
    }

    #[test]
    fn days_follow_each_other() {
        let days_of_month = |year: i64, month: i64| match month {
            2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        let mut seconds = -2_208_988_800;
        for year in 1900..2401 {
            for month in 1..=12 {
                for day in 1..=days_of_month(year, month) {
                    assert_eq!(date_and_time(seconds), format!("{year}-{month:02}-{day:02} 00:00:00"));
                    seconds += 86_400;
                }
            }
        }
    }
}
