// The checksum of zip and PNG (CRC-32, polynomial 0x04C11DB7), eight bytes at a time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace makemore {

namespace crc32_tables {

using Tables = std::array<std::array<std::uint32_t, 256>, 8>;

// By byte: what it does to the checksum if so many others follow it.
constexpr Tables make() {
  Tables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t rest = byte;
    for (int bit = 0; bit < 8; ++bit) rest = rest >> 1 ^ (rest & 1) * 0xEDB88320U;
    tables[0][byte] = rest;
  }
  for (std::size_t after = 1; after < 8; ++after) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t rest = tables[after - 1][byte];
      tables[after][byte] = rest >> 8 ^ tables[0][rest & 0xFF];
    }
  }
  return tables;
}

inline constexpr Tables kTables = make();

}  // namespace crc32_tables

// Of some bytes, or of those that a checksum is of and these behind them.
constexpr std::uint32_t crc32(std::span<const std::uint8_t> bytes, std::uint32_t before = 0) {
  const auto& tables = crc32_tables::kTables;
  std::uint32_t rest = ~before;
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    const auto byte = [&](std::size_t i) { return std::uint32_t{bytes[at + i]}; };
    rest ^= byte(0) | byte(1) << 8 | byte(2) << 16 | byte(3) << 24;
    rest = tables[7][rest & 0xFF] ^ tables[6][rest >> 8 & 0xFF] ^ tables[5][rest >> 16 & 0xFF] ^
           tables[4][rest >> 24] ^ tables[3][byte(4)] ^ tables[2][byte(5)] ^ tables[1][byte(6)] ^
           tables[0][byte(7)];
  }
  for (; at < bytes.size(); ++at) rest = rest >> 8 ^ tables[0][(rest ^ bytes[at]) & 0xFF];
  return ~rest;
}

}  // namespace makemore
