// The time zones of <chrono>, from the data base beside the libraries, whatever the host has.
// env: TZ=Europe/Paris
// out: zones: many
// out: 2024-03-31 00:59:59 UTC is 2024-03-31 01:59:59 CET
// out: 2024-03-31 01:00:00 UTC is 2024-03-31 03:00:00 CEST
// out: 01:30 in New York on 2024-11-03 is ambiguous: EDT, EST
// out: 02:30 in New York on 2024-03-10 does not exist
// out: Asia/Calcutta is Asia/Kolkata
// out: no zone Nowhere/Land
// out: current: Europe/Paris
// out: leap seconds: 27 or more, the first on 1972-07-01
// except peers: their libraries have no time zones, or read others
#include <chrono>
#include <cstdio>
#include <format>
#include <stdexcept>
#include <string>

using namespace std::chrono;

static std::string text(sys_seconds utc, const time_zone *zone)
{
    sys_info info = zone->get_info(utc);
    return std::format("{:%F %T} UTC is {:%F %T} {}", utc, sys_seconds(zone->to_local(utc).time_since_epoch()), info.abbrev);
}

int main()
{
    const tzdb &data = get_tzdb();
    std::printf("zones: %s\n", data.zones.size() > 300 && !data.version.empty() ? "many" : "few");
    const time_zone *paris = locate_zone("Europe/Paris");
    sys_seconds change = sys_days(2024y / March / 31) + 1h;
    std::puts(text(change - 1s, paris).c_str());
    std::puts(text(change, paris).c_str());
    const time_zone *york = locate_zone("America/New_York");
    local_info twice = york->get_info(local_days(2024y / November / 3) + 1h + 30min);
    if (twice.result == local_info::ambiguous)
        std::printf("01:30 in New York on 2024-11-03 is ambiguous: %s, %s\n", twice.first.abbrev.c_str(), twice.second.abbrev.c_str());
    if (york->get_info(local_days(2024y / March / 10) + 2h + 30min).result == local_info::nonexistent)
        std::puts("02:30 in New York on 2024-03-10 does not exist");
    std::printf("Asia/Calcutta is %s\n", std::string(locate_zone("Asia/Calcutta")->name()).c_str());
    try {
        (void)locate_zone("Nowhere/Land");
    } catch (const std::runtime_error &) {
        std::puts("no zone Nowhere/Land");
    }
    std::printf("current: %s\n", std::string(current_zone()->name()).c_str());
    if (data.leap_seconds.size() >= 27)
        std::puts(std::format("leap seconds: 27 or more, the first on {:%F}", data.leap_seconds.front().date()).c_str());
}
