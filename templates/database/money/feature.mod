// Money is whole numbers of the smallest unit of a currency, and never a
// float. What is split or taken a share of adds up again to the last cent.
feature money
summary "amounts in minor units, with their currency; no float comes near them"
needs core
