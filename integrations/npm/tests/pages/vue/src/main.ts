import { createApp } from 'vue';
import Thanks from './Thanks.vue';

createApp(Thanks).mount('#page');
